import { counted } from '../../../format/counted.ts';
import { shell } from '../../../format/shell-command.ts';
import { nanos } from '../../../trace/time.ts';
import { textAttribute } from '../../attributes.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/**
 * The API server calls the KMS plug-in to decrypt an object whose key it has not cached. The call has no span
 * (k8s.io/apiserver pkg/storage/value/encrypt/envelope/kmsv2/envelope.go).
 */
export const slowKMS = defineTimeFinding({
  id: 'slow-kms',
  threshold: atLeast(50, 10),
  title: ({ provider }) =>
    `the key management service${provider === undefined ? '' : ` (provider ${provider})`} decrypting data keys`,
  detail: ({ parts }) =>
    `${counted(parts.length, 'object was', 'objects were')} encrypted with a key that the API server had not cached.`,
  hint: 'Check the KMS plug-in and the service behind it. Objects written before a rotation share a key again once they are rewritten.',
  command: shell`kubectl get --raw /metrics | grep apiserver_envelope_encryption_kms_operations_latency_seconds_sum`,
  find,
});

function find(index: TraceIndex) {
  const spans = index.named(
    'apiserver',
    'TransformFromStorage with envelopeTransformer',
    'TransformToStorage with envelopeTransformer',
  );
  const parts = spans.flatMap((span): Part[] => {
    const from = index.eventOffset(span, 'About to decrypt DEK using remote service');
    if (from === undefined) return [];
    const to =
      index.eventOffset(span, 'DEK decryption succeeded', 'last') ??
      index.eventOffset(span, 'DEK decryption failed', 'last') ??
      nanos(span.offset + span.duration);
    return [{ span, nanos: index.criticalTimeWithin(span, from, to) }];
  });
  return [{ provider: textAttribute(parts[0]?.span.span.attributes ?? {}, 'transformer.provider.name'), parts }];
}
