import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { podOf, type PodObject } from '../../../src/pod/objects.ts';
import { failedPod, PodReplacements } from '../../../src/pod/replaced.ts';
import type { Instant } from '../../../src/pod/fields.ts';
import { secondsLater } from '../../support/pod-snapshot.ts';

interface Owned {
  readonly name: string;
  readonly kind?: string;
  readonly owner?: string;
  readonly node?: string;
  readonly created: number;
}

function podBy({ name, kind, owner = 'web', node = 'n1', created }: Owned): PodObject {
  const ownerReferences =
    kind === undefined ? [] : [{ apiVersion: 'v1', kind, name: owner, uid: owner, controller: true }];
  return podOf({
    metadata: { name, namespace: 'shop', uid: name, creationTimestamp: secondsLater(created), ownerReferences },
    spec: { nodeName: node, containers: [] },
    status: { phase: 'Failed' },
  })!;
}

/** Whether a pod that failed 100 s after the first creation counts as replaced beside the other pods. */
function isReplaced(failed: Owned, ...others: readonly Owned[]): boolean {
  const replacements = new PodReplacements();
  for (const pod of [failed, ...others]) replacements.add(podBy(pod));
  const since = podBy({ name: 'x', created: 100 }).createdAt satisfies Instant;
  return replacements.isReplaced(failedPod(podBy(failed), { since }));
}

const old = (kind: string, owner: string, name = `${owner}-a`): Owned => ({ name, kind, owner, created: 0 });
const newer = (kind: string, owner: string, name = `${owner}-b`, created = 101): Owned => ({
  name,
  kind,
  owner,
  created,
});

suite('a failed pod', () => {
  for (const [title, expected, failed, ...others] of [
    [
      'of a ReplicaSet with a newer pod is replaced',
      true,
      old('ReplicaSet', 'web-5f6b7c8d9b'),
      newer('ReplicaSet', 'web-5f6b7c8d9b'),
    ],
    [
      'of an older revision of a Deployment is replaced',
      true,
      old('ReplicaSet', 'web-5f6b7c8d9b'),
      newer('ReplicaSet', 'web-7d9f8c6b5d'),
    ],
    ['of another Deployment is not', false, old('ReplicaSet', 'web-5f6b7c8d9b'), newer('ReplicaSet', 'api-7d9f8c6b5d')],
    [
      'is not replaced by a pod that is older than its end',
      false,
      old('ReplicaSet', 'web-5f6b7c8d9b'),
      newer('ReplicaSet', 'web-5f6b7c8d9b', 'web-b', 50),
    ],
    ['of a Job with another try is replaced', true, old('Job', 'load'), newer('Job', 'load')],
    ['of a CronJob with a later run is replaced', true, old('Job', 'load-29011000'), newer('Job', 'load-29011060')],
    [
      'of one index of a Job is not replaced by another index',
      false,
      old('Job', 'load', 'load-0-abcde'),
      newer('Job', 'load', 'load-1-fghij'),
    ],
    [
      'of one index of a Job is replaced by its next try',
      true,
      old('Job', 'load', 'load-0-abcde'),
      newer('Job', 'load', 'load-0-fghij'),
    ],
    ['of a DaemonSet is replaced on its node', true, old('DaemonSet', 'agent'), newer('DaemonSet', 'agent')],
    [
      'of a DaemonSet is not replaced by that of another node',
      false,
      old('DaemonSet', 'agent'),
      { ...newer('DaemonSet', 'agent'), node: 'n2' },
    ],
    ['without a controller is not replaced', false, { name: 'web', created: 0 }, { name: 'web-2', created: 101 }],
  ] as const satisfies readonly (readonly [string, boolean, Owned, ...Owned[]])[]) {
    test(title, () => assert.equal(isReplaced(failed, ...others), expected));
  }
});
