import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PodReader } from '../../../../src/commands/pod/reader.ts';
import { readScheduling } from '../../../../src/commands/pod/scheduling-reads.ts';
import { SimulatedAPI } from '../../../support/simulated-api.ts';

const SHOP = '/api/v1/namespaces/shop/pods';

function cluster() {
  const api = new SimulatedAPI();
  const reader = new PodReader(api.send, null);
  return { api, reader, reads: { reader, lists: new Map<string, Promise<readonly unknown[]>>() } };
}

const pod = (name: string, namespace: string) => ({
  metadata: { name, namespace, uid: name },
  spec: { nodeName: 'wk-1' },
});

suite('reads that explain an unschedulable pod', () => {
  test('happen once for pods that wait for the same reason', async () => {
    const { api, reads } = cluster();
    api.put('/api/v1/pods', pod('db-0', 'lab'));
    const both = await Promise.all([
      readScheduling([{ kind: 'pods' }, { kind: 'nodes' }], 'shop', [], reads),
      readScheduling([{ kind: 'pods' }, { kind: 'nodes' }], 'shop', [], reads),
    ]);
    assert.deepEqual(
      both.map(({ pods }) => pods?.map(({ name }) => name)),
      [['db-0'], ['db-0']],
    );
    assert.deepEqual(api.asked.toSorted(), ['list /api/v1/nodes', 'list /api/v1/pods']);
  });

  test("use the pod's own namespace if pods of others are forbidden, with a note", async () => {
    const { api, reader, reads } = cluster();
    api.put(SHOP, pod('web-0', 'shop'));
    api.refuse(/^list \/api\/v1\/pods$/);
    const { pods } = await readScheduling([{ kind: 'pods' }], 'shop', [], reads);
    assert.deepEqual(
      pods?.map(({ name }) => name),
      ['web-0'],
    );
    assert.deepEqual(reader.gaps, [{ what: 'the pods of other namespaces', why: 'forbidden' }]);
  });

  test('include only objects relevant to the reason', async () => {
    const { api, reads } = cluster();
    assert.deepEqual(await readScheduling([{ kind: 'pods', isLocal: true }], 'shop', ['data'], reads), {
      pods: [],
      nodes: undefined,
      taints: undefined,
      claims: undefined,
    });
    assert.deepEqual(api.asked, [`list ${SHOP}`]);
  });

  test('include a missing claim, and at most five claims', async () => {
    const { reader, reads } = cluster();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { claims } = await readScheduling([{ kind: 'claims' }], 'shop', names, reads);
    assert.deepEqual(
      claims?.map(({ name, phase }) => [name, phase]),
      names.slice(0, 5).map((name) => [name, undefined]),
    );
    assert.deepEqual(reader.gaps, []);
  });
});
