import { counted } from '../../format/counted.ts';
import { instantOf, numberOf, objectOf, textOf, type APIObject } from '../fields.ts';
import { countOf, replicasOf, trueCondition, updatedOf, type WorkloadObject } from './object.ts';
import { NO_COUNTS, pods, reported, unobserved, type Reported } from './status.ts';

/** On the Deployment and on each of its ReplicaSets (pkg/controller/deployment/util/deployment_util.go). */
const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

/**
 * How far the rollout is, in the order in which `kubectl rollout status` looks (k8s.io/kubectl
 * pkg/polymorphichelpers/rollout_status.go). `isCurrent`: one of its ReplicaSets has its template.
 */
export function deploymentStatus(object: WorkloadObject, isCurrent: boolean): Reported {
  const wanted = replicasOf(object);
  const current = countOf(object, 'replicas');
  const updated = updatedOf(object, 'updatedReplicas', current);
  const available = countOf(object, 'availableReplicas');
  const counts = { ...NO_COUNTS, wanted, current, updated, ready: countOf(object, 'readyReplicas'), available };
  const revision = textOf(object.annotations[REVISION]) ?? null;
  const early = unobserved(object, counts);
  if (early !== undefined) return { ...early, revision };
  const progress = object.conditions.get('Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') {
    const seconds = numberOf(object.spec['progressDeadlineSeconds']) ?? 600;
    const message = `no progress within its deadline of ${seconds} s: ${available} of ${wanted} available`;
    return reported(object, 'failed', message, counts, {
      reason: progress.reason,
      revision,
      since: progress.changed ?? object.changedAt,
    });
  }
  const old = current - updated;
  const limit = numberOf(object.spec['replicas']) ?? 0;
  const message = (): string | undefined => {
    if (updated < limit) return `${updated} of ${counted(wanted, 'pod has', 'pods have')} the latest template`;
    if (old > 0) return `${pods(old, ' of an older revision', ' of older revisions')} must end first`;
    if (available < updated) return `${available} of ${updated} updated pods are available`;
    return undefined;
  };
  const waiting = message();
  const paused = object.spec['paused'] === true;
  const since = progress?.changed ?? trueCondition(object, 'Available')?.changed ?? object.changedAt;
  if (waiting === undefined) {
    const remarks = paused ? ['the Deployment is paused: a new template is not rolled out'] : [];
    const done = wanted === 0 ? 'scaled to 0' : `${available} of ${wanted} available`;
    return reported(object, 'done', done, counts, { revision, since, remarks });
  }
  // A paused Deployment is still scaled; only a new template waits (pkg/controller/deployment/sync.go, sync).
  if (paused && (!isCurrent || old > 0)) {
    const reason = 'DeploymentPaused';
    return reported(object, 'suspended', `it is paused, and ${waiting}`, counts, { reason, revision, since });
  }
  return reported(object, 'progressing', waiting, counts, { revision });
}

/**
 * The ReplicaSet that the Deployment rolls out: the oldest with its template (FindNewReplicaSet in
 * pkg/controller/deployment/util/deployment_util.go). Undefined while there is none. Its revision is that of the
 * Deployment, which decides between several that are alike. Objects that are known without their templates are compared
 * by revision, else by age.
 */
export function currentReplicaSet(deployment: WorkloadObject, sets: readonly APIObject[]): APIObject | undefined {
  const byAge = sets.toSorted((one, other) => Number(createdAt(one) - createdAt(other)));
  const template = withoutHash(deployment.spec['template']);
  const same = byAge.filter((set) => isAlike(withoutHash(objectOf(set['spec'])['template']), template));
  const all = [deployment.spec, ...sets.map((set) => objectOf(set['spec']))];
  const revision = textOf(deployment.annotations[REVISION]);
  const isAnnotated = (set: APIObject): boolean => revision !== undefined && revisionOf(set) === revision;
  if (all.every((spec) => spec['template'] !== undefined)) return same.find(isAnnotated) ?? same[0];
  return byAge.find(isAnnotated) ?? (revision === undefined ? byAge.at(-1) : undefined);
}

const createdAt = (object: APIObject): bigint => instantOf(objectOf(object['metadata'])['creationTimestamp'])?.at ?? 0n;

export const revisionOf = (set: APIObject): string | undefined =>
  textOf(objectOf(objectOf(set['metadata'])['annotations'])[REVISION]);

function withoutHash(template: unknown): unknown {
  const { metadata, ...rest } = objectOf(template);
  const { labels, ...others } = objectOf(metadata);
  const { [HASH]: _, ...ownLabels } = objectOf(labels);
  return { ...rest, metadata: { ...others, labels: ownLabels } };
}

/** JSON values whose keys may come in another order. */
function isAlike(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isAlike(item, other[index]));
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (Array.isArray(one) || Array.isArray(other)) return false;
  const [left, right] = [objectOf(one), objectOf(other)];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isAlike(left[key], right[key]))
  );
}
