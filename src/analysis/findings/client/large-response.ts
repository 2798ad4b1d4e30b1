import { formatBytes } from '../../wording/bytes.ts';
import { defineTimeFinding } from '../define-finding.ts';
import { atLeast, LIMITS } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { responsesOf } from './response.ts';

/** A large response takes time to encode and send. Unpaged lists and slow clients have their own findings. */
export const largeResponse = defineTimeFinding({
  id: 'large-response',
  threshold: atLeast(50, 25),
  title: ({ bytes }) => `encoding and sending a response of ${formatBytes(bytes)}`,
  detail: 'This is the size before compression.',
  hint: 'Request less: one object, a namespace, a selector, smaller pages, or only the metadata.',
  command: null,
  find,
});

function find(index: TraceIndex) {
  return responsesOf(index).flatMap(({ bytes, span, unpaged, slow }) =>
    bytes === null || bytes < LIMITS.largeResponseBytes || unpaged || slow
      ? []
      : [{ bytes, parts: [{ span, nanos: index.criticalTime(span) }] }],
  );
}
