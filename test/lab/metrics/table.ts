import { WHAT, type Compared } from './oracle.ts';
import { largest, type Proven, type Rehearsed } from './rehearse.ts';

/** The differences from the audit events, a line for each story and version, with the largest ones last. */
export function table(rehearsed: readonly Rehearsed[]): string {
  const rows = rehearsed.map(({ kubernetes, story, tries, compared, faults }) => [
    kubernetes,
    story,
    String(tries),
    ...cells(compared),
    faults.join('; ') || 'ok',
  ]);
  const all = largest(rehearsed.flatMap(({ compared }) => compared));
  const limits = WHAT.map((what) => all.find((one) => one.what === what)?.limitNanos);
  return aligned([
    ['KUBERNETES', 'STORY', 'TRIES', ...WHAT.map((what) => what.toUpperCase()), 'RESULT'],
    ...rows,
    ['all', 'largest', '', ...cells(all), ''],
    ['', 'limit', '', ...limits.map(milliseconds), ''],
  ]);
}

/** The results for causes that were made on purpose, a line for each. */
export const truthTable = (proven: readonly Proven[]): string =>
  aligned([
    ['KUBERNETES', 'TRUTH', 'TRIES', ...WHAT.map((what) => what.toUpperCase()), 'RESULT', 'SAID'],
    ...proven.map(({ kubernetes, truth, tries, compared, faults, reported }) => [
      kubernetes,
      truth,
      String(tries),
      ...cells(compared),
      faults.join('; ') || 'ok',
      reported,
    ]),
  ]);

const cells = (compared: readonly Compared[]): readonly string[] =>
  WHAT.map((what) => milliseconds(compared.find((one) => one.what === what)?.nanos));

const milliseconds = (nanos: number | undefined): string =>
  nanos === undefined ? '-' : `${(nanos / 1e6).toFixed(4)} ms`;

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column]!)).join('   ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}
