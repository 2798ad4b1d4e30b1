import { ExitCode, TraceCommandError } from '../../errors.ts';
import { escapeText } from '../../render/escape.ts';
import type { Runtime } from '../../runtime.ts';

/** A reply is one word. */
const MAX_BYTES = 1024;

/** Puts a question on standard error, and reads one line. Rejects where the user does not agree; then nothing was changed. */
export async function confirm(question: string, yes: boolean, runtime: Runtime): Promise<void> {
  if (yes) return;
  runtime.err.write(`${escapeText(question)} [y/N] `);
  if (/^\s*y(?:es)?\s*$/i.test(await readLine(runtime))) return;
  throw new TraceCommandError(ExitCode.requestFailed, 'NotConfirmed', 'nothing was changed: it was not confirmed', {
    hint: 'type y, or give --yes in a script',
  });
}

/** The first line of standard input; "" at its end. */
async function readLine({ input }: Runtime): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of input()) {
    parts.push(part);
    bytes += part.length;
    if (part.includes(NEWLINE) || bytes > MAX_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8').split('\n', 1)[0]!;
}

const NEWLINE = 0x0a;
