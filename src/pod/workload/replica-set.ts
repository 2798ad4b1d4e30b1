import { counted } from '../../format/counted.ts';
import { countOf, replicasOf, trueCondition, type WorkloadObject } from './object.ts';
import { NO_COUNTS, pods, reported, unobserved, type Reported } from './status.ts';

/**
 * A ReplicaSet or ReplicationController has no rollout: it is done when as many of its pods are available as it wants
 * (pkg/controller/replicaset/replica_set_utils.go, calculateStatus).
 */
export function replicaSetStatus(object: WorkloadObject): Reported {
  const wanted = replicasOf(object);
  const [current, available] = [countOf(object, 'replicas'), countOf(object, 'availableReplicas')];
  const counts = { ...NO_COUNTS, wanted, current, ready: countOf(object, 'readyReplicas'), available };
  const early = unobserved(object, counts);
  if (early !== undefined) return early;
  const failure = trueCondition(object, 'ReplicaFailure');
  if (current > wanted) return reported(object, 'progressing', `${pods(current - wanted)} too many`, counts);
  if (current < wanted) {
    const reason = failure?.reason ?? null;
    return reported(object, 'progressing', `${current} of ${counted(wanted, 'pod exists', 'pods exist')}`, counts, {
      reason,
    });
  }
  const message = wanted === 0 ? 'scaled to 0' : `${available} of ${wanted} available`;
  return reported(object, available < wanted ? 'progressing' : 'done', message, counts);
}
