import { formatDuration } from '../../analysis/wording/duration.ts';
import { shellWord } from '../../format/shell-command.ts';
import { ageText } from '../../format/age.ts';
import type { Look } from '../../render/look.ts';
import { drawFittingTable } from '../../render/terminal/table.ts';
import { truncate, type MeasureText } from '../../render/terminal/width.ts';
import { between, type EpochNanos } from '../../trace/time.ts';
import type { HistoryEntry } from './entry.ts';

/** Digits of an ID that are shown, and that `show` takes. Fifty commands share them once in 3 million lists. */
export const SHORT_ID = 8;
const FINDING_COLUMNS = 32;

/** The stored commands, the newest first; `wide` has complete trace IDs. */
export function drawHistory(
  entries: readonly HistoryEntry[],
  { now, wide }: { readonly now: EpochNanos; readonly wide: boolean },
  look: Look,
  measure: MeasureText,
): string {
  const { text, ellipsis } = look.glyphs;
  const columns = [
    { title: 'id' },
    { title: 'age', align: 'right' as const },
    { title: 'time', align: 'right' as const },
    { title: 'verdict' },
    { title: 'finding' },
    { title: 'command' },
  ];
  const rows = entries.map(({ traceID, startTime, durationNanos, verdict, finding, args }) => {
    const found = text(finding ?? '-');
    return [
      wide ? traceID : traceID.slice(0, SHORT_ID),
      startTime === null ? '-' : ageText(between(startTime, now) / 1e9),
      durationNanos === null ? '-' : text(formatDuration(durationNanos)),
      text(verdict ?? '-'),
      wide ? found : truncate(found, FINDING_COLUMNS, ellipsis, measure),
      text(args.map(shellWord).join(' ')),
    ];
  });
  const lines = drawFittingTable(columns, rows, wide ? { ...look, columns: Infinity } : look, measure);
  return `${lines.join('\n')}\n`;
}
