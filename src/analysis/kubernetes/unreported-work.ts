import type { Trace, TraceInput } from '../../trace/trace.ts';
import { admissionTime } from './admission-time.ts';
import { conversionTime } from './conversion-time.ts';
import { watchTime } from './watch-time.ts';

/**
 * Work of the API server without spans, as far as the time between its spans and events shows it. Without `hasWatches`, streams
 * were cut where they are only open.
 */
export const unreportedWork = (trace: Trace, hasWatches = true): TraceInput[] => [
  ...admissionTime(trace),
  ...conversionTime(trace),
  ...(hasWatches ? watchTime(trace) : []),
];
