/** Lines around a change. */
const CONTEXT = 3;

type Line = readonly [sign: ' ' | '-' | '+', text: string];

/** The lines that differ, with those around them, as `diff -u` prints them; "" for equal texts. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const lines = compare(linesOf(before), linesOf(after));
  const shown = lines.map(([sign], index) =>
    sign === ' ' ? lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(([near]) => near !== ' ') : true,
  );
  const text = [`--- ${before === '' ? '/dev/null' : path}`, `+++ ${after === '' ? '/dev/null' : path}`];
  let [oldLine, newLine] = [1, 1];
  for (let start = 0; start < lines.length;) {
    let end = start;
    while (end < lines.length && shown[end] === shown[start]) end++;
    const hunk = lines.slice(start, end);
    const [removed, added] = [
      hunk.filter(([sign]) => sign !== '+').length,
      hunk.filter(([sign]) => sign !== '-').length,
    ];
    if (shown[start]) {
      text.push(`@@ -${range(oldLine, removed)} +${range(newLine, added)} @@`, ...hunk.map((line) => line.join('')));
    }
    oldLine += removed;
    newLine += added;
    start = end;
  }
  return `${text.join('\n')}\n`;
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

const range = (line: number, count: number): string => `${count === 0 ? line - 1 : line},${count}`;

/** By the longest common subsequence: manifests have some hundred lines. */
function compare(before: readonly string[], after: readonly string[]): Line[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      lengths[row]![column] =
        before[row] === after[column]
          ? lengths[row + 1]![column + 1]! + 1
          : Math.max(lengths[row + 1]![column]!, lengths[row]![column + 1]!);
    }
  }
  const lines: Line[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    if (row < before.length && column < after.length && before[row] === after[column]) {
      lines.push([' ', before[row]!]);
      row++;
      column++;
    } else if (
      column === after.length ||
      (row < before.length && lengths[row + 1]![column]! >= lengths[row]![column + 1]!)
    ) {
      lines.push(['-', before[row++]!]);
    } else {
      lines.push(['+', after[column++]!]);
    }
  }
  return lines;
}
