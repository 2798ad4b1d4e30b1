import { nanos } from '../../../trace/time.ts';
import { formatDuration } from '../../wording/duration.ts';
import { defineFinding, type FoundSpans } from '../define-finding.ts';
import { ALWAYS, LIMITS } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/** Clocks that differ move spans against each other: durations stay right, gaps between processes do not. */
export const clockOffset = defineFinding({
  id: 'clock-offset',
  threshold: ALWAYS,
  severity: 'info',
  title: ({ service, caller, offset, ahead }) =>
    `The clock of ${service} is at least ${formatDuration(offset)} ${ahead ? 'ahead of' : 'behind'} the clock of ${caller}`,
  detail:
    'Its spans were moved to fit into their parent calls. Their durations are exact; the gaps around them are estimates.',
  hint: 'Check that both machines synchronize their clocks (NTP).',
  command: null,
  find,
});

interface Offset extends FoundSpans {
  readonly service: string;
  readonly caller: string;
  readonly offset: number;
  readonly ahead: boolean;
}

function find({ trace }: TraceIndex): readonly Offset[] {
  return trace.notes.flatMap(({ clock, spanIDs }): Offset[] => {
    if (clock === undefined) return [];
    const { service, caller, lowest, highest } = clock;
    const offset = Math.max(lowest, -highest);
    const moved = new Set(spanIDs);
    const [first, ...others] = trace.spans.filter(({ spanID }) => moved.has(spanID));
    if (offset < LIMITS.clockOffset || first === undefined) return [];
    return [{ service, caller, offset, ahead: lowest > 0, nanos: nanos(0), spans: [first, ...others] }];
  });
}
