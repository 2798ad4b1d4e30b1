import { nanos } from '../../trace/time.ts';
import { formatDuration } from '../wording/duration.ts';
import type { Finder } from './finding.ts';
import { LIMITS } from './thresholds.ts';

/** Clocks that differ move spans against each other: durations stay right, gaps between processes do not. */
export const clockOffset: Finder = ({ facts }) =>
  (facts.clockOffsets ?? [])
    .filter((offset) => Math.abs(offset.nanos) >= LIMITS.clockOffset)
    .map(({ span, nanos: offset }) => ({
      id: 'clock-offset' as const,
      severity: 'info' as const,
      title: `The clock of ${span.span.resource.service} is ${formatDuration(Math.abs(offset))} ${offset > 0 ? 'ahead of' : 'behind'} its caller's`,
      detail: 'Durations are right; the gaps between the two processes are only as right as the clocks.',
      hint: 'Is time synchronised (NTP) on both machines?',
      command: null,
      nanos: nanos(0),
      share: 0,
      spans: [span] as const,
    }));
