import type { Trace, TraceInput } from '../../trace/trace.ts';
import { admissionTime } from './admission-time.ts';
import { conversionTime } from './conversion-time.ts';
import { watchTime } from './watch-time.ts';

/** Work of the API server without spans, as far as the time between its spans and events shows it. */
export const unreportedWork = (trace: Trace): TraceInput[] => [
  ...admissionTime(trace),
  ...conversionTime(trace),
  ...watchTime(trace),
];
