import { nanos } from '../../../trace/time.ts';
import { formatDuration } from '../../wording/duration.ts';
import type { Finder, Finding } from '../finding.ts';
import { LIMITS } from '../thresholds.ts';

/** Clocks that differ move spans against each other: durations stay right, gaps between processes do not. */
export const clockOffset: Finder = ({ trace }) =>
  trace.notes.flatMap(({ clock, spanIDs }): Finding[] => {
    if (clock === undefined) return [];
    const { service, caller, lowest, highest } = clock;
    const least = Math.max(lowest, -highest);
    const moved = new Set(spanIDs);
    const [first, ...others] = trace.spans.filter(({ spanID }) => moved.has(spanID));
    if (least < LIMITS.clockOffset || first === undefined) return [];
    return [
      {
        id: 'clock-offset',
        severity: 'info',
        title: `The clock of ${service} is ${formatDuration(least)} or more ${lowest > 0 ? 'ahead of' : 'behind'} that of ${caller}`,
        detail:
          'Its spans were moved to fit into the calls that caused them: their durations are right, the gaps beside them estimates.',
        hint: 'Is the time of both machines synchronised (NTP)?',
        command: null,
        nanos: nanos(0),
        share: 0,
        spans: [first, ...others],
      },
    ];
  });
