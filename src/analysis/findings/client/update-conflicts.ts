import { counted } from '../../../format/counted.ts';
import { textAttribute } from '../../attributes.ts';
import { conclude, type Part } from '../conclude.ts';
import type { Finder } from '../finding.ts';

const RETRY = 'Retry value restored';

/**
 * An update prepares the new object and stores it only if nobody else changed the old one meanwhile; else it begins again
 * with what is stored now (k8s.io/apiserver pkg/storage/etcd3/store.go, GuaranteedUpdate). Everything up to the last
 * beginning was in vain.
 */
export const updateConflicts: Finder = (evidence) => {
  let conflicts = 0;
  const updates = evidence.named('apiserver', 'GuaranteedUpdate etcd3');
  const parts = updates.flatMap((span): Part[] => {
    const last = evidence.eventOffset(span, RETRY, 'last');
    if (last === undefined) return [];
    conflicts += span.span.events.filter(({ name }) => name === RETRY).length;
    const first = evidence.eventOffset(span, 'initial value restored') ?? span.offset;
    return [{ span, nanos: evidence.criticalTimeWithin(span, first, last) }];
  });
  const key = textAttribute(parts[0]?.span.span.attributes ?? {}, 'key');
  return conclude(evidence, {
    id: 'update-conflicts',
    parts,
    was: `trying again after ${counted(conflicts, 'conflict')} with other writers`,
    detail: [
      `Somebody else changed ${key ?? 'the object'} between reading and storing it, and admission ran again each time.`,
    ],
    hint: 'Find out who else writes the object: its managedFields name them.',
    command: null,
  });
};
