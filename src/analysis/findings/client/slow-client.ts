import { formatBytes } from '../../wording/bytes.ts';
import { formatDuration } from '../../wording/duration.ts';
import { defineTimeFinding } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { responsesOf } from './response.ts';

/** The API server had the response, but writing it waited for the reader at the other end of the connection. */
export const slowClient = defineTimeFinding({
  id: 'slow-client',
  threshold: atLeast(100, 25),
  title: 'writing the response to a slow connection',
  detail: ({ bytes, writing }) => [
    `${formatBytes(bytes)} (before compression) took ${formatDuration(writing)} to write.`,
    'The client or the network read slowly, or the API server was short of CPU.',
  ],
  hint: 'Compare with the same request from a machine next to the API server.',
  command: null,
  find,
});

function find(index: TraceIndex) {
  return responsesOf(index).flatMap(({ bytes, span, slow, writing }) =>
    !slow || bytes === null ? [] : [{ bytes, writing, parts: [{ span, nanos: writing }] }],
  );
}
