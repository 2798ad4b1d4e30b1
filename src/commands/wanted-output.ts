import type { Environment } from '../runtime.ts';
import { FLAGS } from './index.ts';

/** `-o` with its value attached, behind any number of boolean letters: `-ojson`, `-Ao=json`. */
const BOOLEAN_LETTERS = FLAGS.flatMap(({ type, alias = '' }) => (type === 'boolean' ? [alias] : [])).join('');
const ATTACHED_OUTPUT = new RegExp(`^(?:--output=|-[${BOOLEAN_LETTERS}]*o=?)(.+)$`, 's');
const OUTPUT = new RegExp(`^(?:--output|-[${BOOLEAN_LETTERS}]*o)$`);

/** Format of `-o`, also from a command line that cannot be parsed: scripts then get their format anyway. */
export function wantedOutput(argv: readonly string[], env: Environment = {}): string | undefined {
  let output: string | undefined;
  const end = argv.indexOf('--');
  const before = end === -1 ? argv : argv.slice(0, end);
  for (const [index, argument] of before.entries()) {
    if (OUTPUT.test(argument)) output = before[index + 1];
    else output = ATTACHED_OUTPUT.exec(argument)?.[1] ?? output;
  }
  return output ?? env['KUBECTL_TRACE_OUTPUT'];
}
