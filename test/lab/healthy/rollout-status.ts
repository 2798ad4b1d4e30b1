import { condition, count, type APIObject } from './objects.ts';

export type RolloutStatus = 'waiting' | 'done' | 'exceeded its progress deadline';

/**
 * The conclusion of `kubectl rollout status` from an object: its rules, written down independently of the program
 * (k8s.io/kubectl, pkg/polymorphichelpers/rollout_status.go).
 */
export function rolloutStatus(object: APIObject): RolloutStatus {
  const { metadata, status } = object;
  const observed = count(status, 'observedGeneration');
  if (observed === 0 || observed < (metadata.generation ?? 0)) return 'waiting';
  const rule = rules[object.kind];
  if (rule === undefined) throw new Error(`kubectl rollout status knows no ${object.kind}`);
  return rule(object);
}

const rules: Readonly<Record<string, (object: APIObject) => RolloutStatus>> = {
  Deployment: (object) => {
    const { spec, status } = object;
    if (condition(object, 'Progressing')?.reason === 'ProgressDeadlineExceeded') {
      return 'exceeded its progress deadline';
    }
    const updated = count(status, 'updatedReplicas');
    return doneIf(
      updated >= count(spec, 'replicas', 1) &&
        count(status, 'replicas') <= updated &&
        count(status, 'availableReplicas') >= updated,
    );
  },
  StatefulSet: ({ spec, status }) => {
    const replicas = count(spec, 'replicas', 1);
    if (count(status, 'readyReplicas') < replicas) return 'waiting';
    const strategy = spec?.['updateStrategy'] as { rollingUpdate?: { partition?: number } } | undefined;
    if (strategy?.rollingUpdate !== undefined) {
      return doneIf(count(status, 'updatedReplicas') >= replicas - (strategy.rollingUpdate.partition ?? 0));
    }
    return doneIf(status?.['updateRevision'] === status?.['currentRevision']);
  },
  DaemonSet: ({ status }) => {
    const desired = count(status, 'desiredNumberScheduled');
    return doneIf(count(status, 'updatedNumberScheduled') >= desired && count(status, 'numberAvailable') >= desired);
  },
};

const doneIf = (done: boolean): RolloutStatus => (done ? 'done' : 'waiting');
