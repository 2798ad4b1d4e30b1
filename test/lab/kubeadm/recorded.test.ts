import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { kubeadmFile, recordedKubeadms } from '../../support/kubeadm-manifests.ts';
import { expectedSteps, falsehoods } from './expected.ts';
import { kubeadmVersions } from './programs.ts';
import { readRehearsal } from './recording.ts';

test('every version is recorded', () => {
  assert.deepEqual(recordedKubeadms.toSorted(), kubeadmVersions.map(({ kubernetes }) => kubernetes).toSorted());
});

for (const { kubernetes, etcd, isComplete } of kubeadmVersions) {
  suite(`setup kubeadm on a node of kubeadm ${kubernetes}`, () => {
    const rehearsal = readRehearsal(kubernetes);

    test('every step ended as it was written down before', () => {
      assert.equal(rehearsal.etcd, etcd.version);
      assert.deepEqual(
        rehearsal.steps.map(({ name }) => name),
        expectedSteps(isComplete),
      );
      assert.deepEqual(falsehoods(rehearsal), []);
    });

    test('a step that ends in another way is found', () => {
      for (const [index, step] of rehearsal.steps.entries()) {
        for (const change of [
          { code: 5 },
          { isOriginal: !step.isOriginal },
          { left: step.left.length > 0 ? [] : ['/x'] },
        ]) {
          const steps = rehearsal.steps.with(index, { ...step, ...change });
          assert.equal(falsehoods({ ...rehearsal, steps }).length, 1, `${step.name}: ${JSON.stringify(change)}`);
        }
      }
    });

    test('the recordings contain no data of the machine', () => {
      const texts = [
        JSON.stringify(rehearsal),
        kubeadmFile(kubernetes, 'etcd'),
        kubeadmFile(kubernetes, 'kube-apiserver'),
      ];
      for (const text of texts)
        assert.doesNotMatch(text, /\/tmp\/|\/root\/|\/home\/|kubectl-trace-cluster|PRIVATE KEY/);
    });
  });
}
