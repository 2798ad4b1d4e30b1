import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';

/** Lines around a change. */
const CONTEXT = 3;

/** The time grows with the lines times the changed lines. Ours are some ten; with more than this the texts are printed one after the other. */
const MAX_CHANGES = 1000;

/** The lines that differ, with those around them, as `diff -u` prints them; "" for equal texts. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const [from, to] = [before === '' ? '/dev/null' : path, after === '' ? '/dev/null' : path];
  const limits = { context: CONTEXT, headerOptions: FILE_HEADERS_ONLY, maxEditLength: MAX_CHANGES };
  const patch = structuredPatch(from, to, before, after, undefined, undefined, limits);
  return patch === undefined ? replaced([from, before], [to, after]) : formatPatch(patch, FILE_HEADERS_ONLY);
}

type Side = readonly [name: string, text: string];

/** One hunk that removes every line and adds every other one. */
function replaced([from, before]: Side, [to, after]: Side): string {
  const [removed, added] = [linesOf(before), linesOf(after)];
  const range = (lines: readonly string[]): string => `${Math.min(1, lines.length)},${lines.length}`;
  const head = [`--- ${from}`, `+++ ${to}`, `@@ -${range(removed)} +${range(added)} @@`];
  return `${[...head, ...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)].join('\n')}\n`;
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
