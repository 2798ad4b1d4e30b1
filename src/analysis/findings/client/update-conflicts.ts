import { counted } from '../../../format/counted.ts';
import { textAttribute } from '../../attributes.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

const RETRY = 'Retry value restored';

/**
 * An update prepares the new object and stores it only if no other writer changed the old one meanwhile. Otherwise it
 * starts again from the stored object (k8s.io/apiserver pkg/storage/etcd3/store.go, GuaranteedUpdate). All work before
 * the last start was wasted.
 */
export const updateConflicts = defineTimeFinding({
  id: 'update-conflicts',
  threshold: atLeast(50, 10),
  title: ({ conflicts }) => `retrying after ${counted(conflicts, 'conflict')} with other writers`,
  detail: ({ key }) =>
    `Another writer changed ${key ?? 'the object'} between reading and storing it, and admission ran again each time.`,
  hint: 'Find the other writers: the managedFields of the object name them.',
  command: null,
  find,
});

function find(index: TraceIndex) {
  let conflicts = 0;
  const updates = index.named('apiserver', 'GuaranteedUpdate etcd3');
  const parts = updates.flatMap((span): Part[] => {
    const last = index.eventOffset(span, RETRY, 'last');
    if (last === undefined) return [];
    conflicts += span.span.events.filter(({ name }) => name === RETRY).length;
    const first = index.eventOffset(span, 'initial value restored') ?? span.offset;
    return [{ span, nanos: index.criticalTimeWithin(span, first, last) }];
  });
  return [{ conflicts, key: textAttribute(parts[0]?.span.span.attributes ?? {}, 'key'), parts }];
}
