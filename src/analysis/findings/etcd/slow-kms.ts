import { counted } from '../../../format/counted.ts';
import { shell } from '../../../format/shell-command.ts';
import { nanos } from '../../../trace/time.ts';
import { textAttribute } from '../../attributes.ts';
import { conclude, type Part } from '../conclude.ts';
import type { Finder } from '../finding.ts';

/**
 * Decrypting asks the KMS plug-in when it does not have the key of an object yet, by a call without a span
 * (k8s.io/apiserver pkg/storage/value/encrypt/envelope/kmsv2/envelope.go).
 */
export const slowKMS: Finder = (evidence) => {
  const spans = evidence.named(
    'apiserver',
    'TransformFromStorage with envelopeTransformer',
    'TransformToStorage with envelopeTransformer',
  );
  const parts = spans.flatMap((span): Part[] => {
    const from = evidence.eventOffset(span, 'About to decrypt DEK using remote service');
    if (from === undefined) return [];
    const to =
      evidence.eventOffset(span, 'DEK decryption succeeded', 'last') ??
      evidence.eventOffset(span, 'DEK decryption failed', 'last') ??
      nanos(span.offset + span.duration);
    return [{ span, nanos: evidence.criticalTimeWithin(span, from, to) }];
  });
  const provider = textAttribute(parts[0]?.span.span.attributes ?? {}, 'transformer.provider.name');
  return conclude(evidence, {
    id: 'slow-kms',
    parts,
    was: `the key management service${provider === undefined ? '' : ` (provider ${provider})`} decrypting data keys`,
    detail: [
      `${counted(parts.length, 'object was', 'objects were')} encrypted with a key that the API server did not hold yet.`,
    ],
    hint: 'Look at the KMS plug-in and the service behind it. Objects written before a rotation share a key again once they are written anew.',
    command: shell`kubectl get --raw /metrics | grep apiserver_envelope_encryption_kms_operations_latency_seconds_sum`,
  });
};
