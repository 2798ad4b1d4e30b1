import type { CommonArguments } from '../cli/arguments.ts';
import { shellWord } from '../format/shell-command.ts';
import { escapeText } from '../render/escape.ts';
import type { Runtime } from '../runtime.ts';
import type { Output } from './output.ts';

/** Fields of Kubernetes' objects and lists that a trace document does not have. */
const FIELD = /^(\{\s*(?:range\s+)?\$?)\.(items|metadata|spec|status|data)\b/;

/** Where the response is in the document. Responses to discovery have none of the fields. */
const BODY = '.requests[*].body';

/**
 * `-o jsonpath` reads the trace, and kubectl's reads the response. A template about the response prints nothing: then a
 * note says where the response is, with the command that prints what was wanted.
 */
export function explainingEmpty(
  output: Output,
  { kind, args, draw }: CommonArguments & { readonly kind: string },
  { err }: Pick<Runtime, 'err'>,
): Output {
  const { outputArgument: template = '' } = draw;
  // Their response is not part of the document.
  if (draw.output !== 'jsonpath' || kind === 'run' || kind === 'kubectl') return output;
  const field = fieldOf(template);
  if (field === undefined) return output;
  return async (report) => {
    const text = await output(report);
    if (text.trim() === '') err.write(`note: ${escapeText(explanation(field, commandFor(template, args)))}\n`);
    return text;
  };
}

const explanation = (field: string, command: string): string =>
  `the template reads the trace document, which has no .${field}; with --show-response=json the response is in ${BODY}: ${command}`;

const expressionsIn = (template: string): readonly string[] => template.match(/\{[^{}]*\}/g) ?? [];

const fieldOf = (template: string): string | undefined =>
  expressionsIn(template).flatMap((expression) => FIELD.exec(expression)?.[2] ?? [])[0];

function commandFor(template: string, args: readonly string[]): string {
  const own = args.filter((word) => !/^--show-response(?:=|$)/.test(word));
  // The last one wins.
  const index = own.findLastIndex((word) => word.endsWith(template));
  const word = own[index] ?? '';
  const about = `${word.slice(0, word.length - template.length)}${aboutBody(template)}`;
  const flag = word.startsWith('-') ? index : index - 1;
  const words = own.with(index, about).toSpliced(flag, 0, '--show-response=json');
  return ['kubectl', 'trace', ...words].map(shellWord).join(' ');
}

/** Within a range every expression is about each value, `$` as well. */
function aboutBody(template: string): string {
  let depth = 0;
  return template.replace(/\{[^{}]*\}/g, (expression) => {
    if (/^\{\s*end\b/.test(expression)) depth--;
    const isOfDocument = depth === 0;
    if (/^\{\s*range\b/.test(expression)) depth++;
    return isOfDocument ? expression.replace(FIELD, `$1${BODY}.$2`) : expression;
  });
}
