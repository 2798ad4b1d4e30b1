import type { Report } from '../../report/report.ts';

/** The IDs of the traces that were found, each once, one a line. */
export function writeNames({ requests, command, analysis }: Report): string {
  const found = requests.flatMap(({ lookup }) => lookup?.traceID ?? []);
  const shown = requests.length === 0 && analysis !== null && command.traceID !== null ? [command.traceID] : [];
  return [...new Set([...found, ...shown])].map((id) => `${id}\n`).join('');
}
