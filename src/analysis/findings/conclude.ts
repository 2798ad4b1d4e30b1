import type { ShellCommand } from '../../format/shell-command.ts';
import { nanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { formatDuration } from '../wording/duration.ts';
import { formatShare } from '../wording/percent.ts';
import type { Evidence } from './trace-index.ts';
import type { Finding, Severity } from './finding.ts';
import { THRESHOLDS, type FindingID } from './thresholds.ts';

/** A span's part of a finding. */
export interface Part {
  readonly span: PlacedSpan;
  readonly nanos: Nanos;
}

/** A finding about time, before it is known whether it is worth telling. */
export interface Draft {
  readonly id: FindingID;
  readonly severity?: Severity;
  /** No two of them share time. Empty: nothing was found. */
  readonly parts: readonly Part[];
  /** Ends the sentence "92 % of the request (358 of 387 ms) was …". */
  readonly was: string;
  /** Sentences; the ones that are not known are undefined. */
  readonly detail: readonly (string | undefined)[];
  readonly hint: string | null;
  readonly command: ShellCommand | null;
}

/** The finding of a draft, in an array; nothing below its thresholds. Its spans are those with most of the time first. */
export function conclude(evidence: Evidence, draft: Draft): readonly Finding[] {
  const parts = draft.parts.filter((part) => part.nanos > 0).sort((a, b) => b.nanos - a.nanos);
  const [first, ...others] = parts;
  const total = evidence.trace.duration;
  if (first === undefined || total <= 0) return [];
  // Only spans that lie within others of their own name, as no server reports them, add up to more than the whole.
  const time = nanos(
    Math.min(
      total,
      parts.reduce((sum, part) => sum + part.nanos, 0),
    ),
  );
  const share = time / total;
  const threshold = THRESHOLDS[draft.id];
  if (time < threshold.nanos || share < threshold.share) return [];
  return [
    {
      id: draft.id,
      severity: draft.severity ?? 'warning',
      title: `${formatShare(share)} of ${wholeName(evidence)} (${partOf(time, total)}) was ${draft.was}`,
      detail: draft.detail.filter((sentence) => sentence !== undefined).join(' '),
      hint: draft.hint,
      command: draft.command,
      nanos: time,
      share,
      spans: [first.span, ...others.map(({ span }) => span)],
    },
  ];
}

/** `358 of 387 ms`: the unit is said once, where it is the same. */
export function partOf(part: Nanos, whole: Nanos): string {
  const [partText, wholeText] = [formatDuration(part), formatDuration(whole)];
  const [value, unit] = partText.split(' ');
  return unit !== undefined && wholeText.endsWith(` ${unit}`)
    ? `${value} of ${wholeText}`
    : `${partText} of ${wholeText}`;
}

/** What the trace's duration is the duration of. */
function wholeName({ trace: { root } }: Evidence): string {
  if (root.source !== 'client') return 'the trace';
  const requests = root.children.filter(({ source, span }) => source === 'client' && span.kind === 'client');
  return requests.length > 1 ? 'the command' : 'the request';
}
