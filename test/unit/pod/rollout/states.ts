/** A workload as a manifest has it, and the status that its controller would have written. */
export interface RolloutState {
  readonly name: string;
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly spec: object;
  readonly status: object;
  /** The spec is changed once more after the status was written. */
  readonly changed?: true;
}

const labels = { app: 'web' };
const template = {
  metadata: { labels },
  spec: { containers: [{ name: 'app', image: 'registry.test/web:1' }] },
};
const base = { selector: { matchLabels: labels }, template };

const deployment = (name: string, spec: object, status: object, changed?: true): RolloutState => ({
  name,
  kind: 'Deployment',
  spec: { ...base, ...spec },
  status: { observedGeneration: 1, ...status },
  ...(changed === true && { changed }),
});

const statefulSet = (name: string, spec: object, status: object, changed?: true): RolloutState => ({
  name,
  kind: 'StatefulSet',
  spec: { ...base, serviceName: 'web', ...spec },
  status: { observedGeneration: 1, currentRevision: 'web-a', updateRevision: 'web-a', ...status },
  ...(changed === true && { changed }),
});

const daemonSet = (name: string, spec: object, status: object, changed?: true): RolloutState => ({
  name,
  kind: 'DaemonSet',
  spec: { ...base, ...spec },
  status: { observedGeneration: 1, numberMisscheduled: 0, ...status },
  ...(changed === true && { changed }),
});

const condition = (type: string, status: string, reason: string): object => ({
  type,
  status,
  reason,
  message: reason,
  lastUpdateTime: '2026-11-29T08:00:00Z',
  lastTransitionTime: '2026-11-29T08:00:00Z',
});
const late = condition('Progressing', 'False', 'ProgressDeadlineExceeded');
const paused = condition('Progressing', 'Unknown', 'DeploymentPaused');

const counts = (replicas: number, updated: number, ready: number, available: number): object => ({
  replicas,
  updatedReplicas: updated,
  readyReplicas: ready,
  availableReplicas: available,
});
const update = { updateRevision: 'web-b' };
const rolling = (partition: number): object => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
});
const onDelete = { updateStrategy: { type: 'OnDelete' } };

const daemons = (desired: number, updated: number, available: number): object => ({
  desiredNumberScheduled: desired,
  currentNumberScheduled: desired,
  updatedNumberScheduled: updated,
  numberReady: available,
  numberAvailable: available,
});

/** Every branch of kubectl's pkg/polymorphichelpers/rollout_status.go, from both sides. */
export const ROLLOUT_STATES: readonly RolloutState[] = [
  deployment('not observed at all', { replicas: 2 }, { observedGeneration: 0 }),
  deployment('done, and changed since', { replicas: 2 }, counts(2, 2, 2, 2), true),
  deployment('done', { replicas: 2 }, counts(2, 2, 2, 2)),
  deployment('no pod yet', { replicas: 2 }, {}),
  deployment('half updated', { replicas: 2 }, counts(3, 1, 2, 2)),
  deployment('updated, an old one is left', { replicas: 2 }, counts(3, 2, 3, 3)),
  deployment('updated, none available', { replicas: 2 }, counts(2, 2, 0, 0)),
  deployment('updated, one available', { replicas: 2 }, counts(2, 2, 2, 1)),
  deployment('more than wanted', { replicas: 1 }, counts(2, 2, 2, 2)),
  deployment('scaled to 0', { replicas: 0 }, {}),
  deployment('scaled to 0, one is left', { replicas: 0 }, counts(1, 1, 1, 1)),
  deployment('scaled to 0, an old one is left', { replicas: 0 }, counts(1, 0, 1, 1)),
  deployment('past its deadline', { replicas: 2 }, { ...counts(2, 2, 0, 0), conditions: [late] }),
  deployment('past its deadline, and available', { replicas: 2 }, { ...counts(2, 2, 2, 2), conditions: [late] }),
  deployment(
    'past its deadline, and changed since',
    { replicas: 2 },
    { ...counts(2, 2, 0, 0), conditions: [late] },
    true,
  ),
  deployment('paused and done', { replicas: 2, paused: true }, { ...counts(2, 2, 2, 2), conditions: [paused] }),
  deployment('paused halfway', { replicas: 2, paused: true }, { ...counts(3, 1, 3, 3), conditions: [paused] }),
  deployment(
    'a replica is refused',
    { replicas: 2 },
    {
      ...counts(1, 1, 1, 1),
      conditions: [condition('ReplicaFailure', 'True', 'FailedCreate')],
    },
  ),

  statefulSet('not observed at all', { replicas: 3 }, { observedGeneration: 0 }),
  statefulSet('done', { replicas: 3 }, { ...counts(3, 3, 3, 3), currentReplicas: 3 }),
  statefulSet('done, and changed since', { replicas: 3 }, { ...counts(3, 3, 3, 3), currentReplicas: 3 }, true),
  statefulSet('coming up', { replicas: 3 }, counts(2, 2, 1, 1)),
  statefulSet('ready, not available', { replicas: 3, minReadySeconds: 60 }, counts(3, 3, 3, 0)),
  statefulSet('ready, update not begun', { replicas: 3 }, { ...counts(3, 0, 3, 3), ...update }),
  statefulSet('update halfway', { replicas: 3 }, { ...counts(3, 1, 3, 3), ...update }),
  statefulSet('updated, revision not taken over', { replicas: 3 }, { ...counts(3, 3, 3, 3), ...update }),
  statefulSet('below the partition', { replicas: 3, ...rolling(2) }, { ...counts(3, 0, 3, 3), ...update }),
  statefulSet('up to the partition', { replicas: 3, ...rolling(2) }, { ...counts(3, 1, 3, 3), ...update }),
  statefulSet('a partition beyond its replicas', { replicas: 3, ...rolling(5) }, { ...counts(3, 0, 3, 3), ...update }),
  statefulSet('scaled to 0', { replicas: 0 }, {}),
  statefulSet('scaled down, too many are left', { replicas: 1 }, counts(3, 3, 3, 3)),
  statefulSet('OnDelete, all ready', { replicas: 3, ...onDelete }, { ...counts(3, 0, 3, 3), ...update }),
  statefulSet('OnDelete, one not ready', { replicas: 3, ...onDelete }, { ...counts(3, 0, 2, 2), ...update }),
  statefulSet('parallel, one not ready', { replicas: 3, podManagementPolicy: 'Parallel' }, counts(3, 3, 2, 2)),

  daemonSet('not observed at all', {}, { observedGeneration: 0, ...daemons(0, 0, 0) }),
  daemonSet('done', {}, daemons(3, 3, 3)),
  daemonSet('done, and changed since', {}, daemons(3, 3, 3), true),
  daemonSet('update halfway', {}, daemons(3, 1, 3)),
  daemonSet('updated, one not available', {}, daemons(3, 3, 2)),
  daemonSet('no node', {}, daemons(0, 0, 0)),
  daemonSet('OnDelete, all available', onDelete, daemons(3, 1, 3)),
  daemonSet('OnDelete, one not available', onDelete, daemons(3, 1, 2)),
];
