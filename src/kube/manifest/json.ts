import { fitted } from './yaml-scalar.ts';

/** A number's own text: in the language since ES2026, in V8 since Node 21. */
type Reviver = (this: unknown, key: string, value: unknown, context?: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** One JSON document. Integers that a number cannot hold exactly are bigints. Throws a SyntaxError. */
export function parseJSONDocument(text: string): unknown {
  // Most documents have no such number, and are read much faster without looking for one.
  return /\d{16}/.test(text) ? parseWithSource(text, exactly) : (JSON.parse(text) as unknown);
}

function exactly(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d+$/.test(source) ? fitted(BigInt(source)) : value;
}

/** Documents one behind the other, as `{}{}`. Undefined when there is anything else between or behind them. */
export function splitJSON(text: string): string[] | undefined {
  const documents: string[] = [];
  let at = 0;
  for (;;) {
    while (' \t\r\n'.includes(text[at] ?? 'x')) at++;
    if (at >= text.length) return documents;
    const end = endOfObject(text, at);
    if (end === undefined) return undefined;
    documents.push(text.slice(at, end));
    at = end;
  }
}

function endOfObject(text: string, start: number): number | undefined {
  if (text[start] !== '{') return undefined;
  // Texts are skipped as a whole: braces in them do not count.
  const token = /"(?:[^"\\]|\\.)*"|[{}]/gs;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '{') depth++;
    else if (match[0] === '}' && --depth === 0) return token.lastIndex;
  }
  return undefined;
}
