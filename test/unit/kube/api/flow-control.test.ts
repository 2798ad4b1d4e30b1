import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFlowControlCache } from '../../../../src/kube/api/flow-control-cache.ts';
import { flowControlNames, flowControlOf, flowControlRequest } from '../../../../src/kube/api/flow-control.ts';
import { answer } from '../fixture.ts';
import { folderOf } from '../folder.ts';

test('flow schema and priority level are the UIDs of the headers, or nothing', () => {
  const headers = { 'x-kubernetes-pf-flowschema-uid': 'a', 'x-kubernetes-pf-prioritylevel-uid': 'b' };
  assert.deepEqual(flowControlOf({ headers }), { flowSchemaUID: 'a', priorityLevelUID: 'b' });
  assert.deepEqual(flowControlOf({ headers: {} }), { flowSchemaUID: null, priorityLevelUID: null });
});

test('flow control: names are requested without impersonation, and only the objects’ metadata', () => {
  const { purpose, method, path, headers } = flowControlRequest('flowschemas');
  assert.deepEqual([purpose, method, path], ['identity', 'GET', '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas']);
  assert.match(headers['accept'] ?? '', /PartialObjectMetadataList/);
});

test('flow control: a response is read as names by UID; a forbidden list is unknown, not empty', () => {
  const items = [{ metadata: { name: 'global-default', uid: 'a' } }, { metadata: { name: 'no UID' } }, {}, 1];
  assert.deepEqual(flowControlNames(answer(200, { items })), new Map([['a', 'global-default']]));
  assert.equal(flowControlNames(answer(403, { kind: 'Status' })), undefined);
  assert.equal(flowControlNames(answer(404, { kind: 'Status' })), undefined);
  assert.equal(flowControlNames(answer(200, 'not a list')), undefined);
});

const server = 'https://127.0.0.1:6443';
const open = (cacheDir: string, of = server) => openFlowControlCache({ cacheDir }, of, { env: {}, home: '/nowhere' });
const names = new Map([['a', 'global-default']]);

test('flow control: names are cached for the owner alone, and by server', async (context) => {
  const folder = await folderOf(context);
  assert.deepEqual(await open(folder).read(), new Map());
  await open(folder).write(names);
  assert.deepEqual(await open(folder).read(), names);
  assert.deepEqual(
    await open(folder, 'https://127.0.0.1_6443').read(),
    new Map(),
    'another server of the same file name',
  );
  const { mode } = await stat(join(folder, 'kubectl-trace/flow-control/127.0.0.1_6443.json'));
  assert.equal(mode & 0o777, 0o600);
});

for (const text of ['', '{', '[]', '{"format":1}', `{"format":1,"server":"${server}","names":[]}`]) {
  test(`a file with ${text || 'nothing'} in it is no cache`, async (context) => {
    const folder = await folderOf(context);
    await open(folder).write(names);
    await writeFile(join(folder, 'kubectl-trace/flow-control/127.0.0.1_6443.json'), text);
    assert.deepEqual(await open(folder).read(), new Map());
  });
}

test('flow control: an unwritable cache folder is no error', async () => {
  await open('/dev/null').write(names);
  assert.deepEqual(await open('/dev/null').read(), new Map());
});
