import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { createGzip } from 'node:zlib';
import { bomb, folderOf, holds, MIB, run, server } from '../support/bounded-run.ts';

suite(
  'small values that expand to 64 MiB',
  { skip: process.platform !== 'linux' && 'memory is read from /proc' },
  () => {
    const shapes = {
      objects: ['{"kind":"List","items":[', '{"metadata":{"name":"abcdefgh"}},', '{}]}'],
      traces: ['{"data":[', '{"traceID":"1"},', '{}]}'],
      spans: ['{"data":[{"traceID":"1","spans":[', '{},', '{}]}]}'],
    } as const;
    for (const [what, shape] of Object.entries(shapes)) {
      test(`${what}, of the API server`, async (t) => {
        const body = await bomb(createGzip(), shape, 63 * MIB);
        const url = await server(t, (_path, response) =>
          response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(body),
        );
        const ended = await run('raw', 'GET', '/api/v1/pods?limit=500', '--server', url, '--wait', '0');
        holds(ended);
        assert.equal(ended.code, 1);
        assert.match(ended.stderr, /larger than the bound of \d+ values/);
      });

      test(`${what}, of a backend`, async (t) => {
        const body = await bomb(createGzip(), shape, 63 * MIB);
        const url = await server(t, (_path, response) => {
          response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
          // In chunks: its length is not known.
          response.write(body, () => response.end());
        });
        const api = await server(t, (_path, response) => response.end('{}'));
        const ended = await run('raw', 'GET', '/x', '--server', api, '--wait', '60s', '--backend', `jaeger=${url}`);
        holds(ended);
        assert.equal(ended.code, 5);
        assert.match(ended.stderr, /larger than the bound of \d+ values/);
      });

      test(`${what}, in a file`, async (t) => {
        const file = join(folderOf(t), 'trace.json.gz');
        writeFileSync(file, await bomb(createGzip(), shape, 63 * MIB));
        const ended = await run('show', file);
        holds(ended);
        assert.equal(ended.code, 2);
        assert.match(ended.stderr, /larger than the bound of \d+ values/);
      });
    }
  },
);

suite('an endless list', { skip: process.platform !== 'linux' && 'memory is read from /proc' }, () => {
  test('of the API server, in chunks', async (t) => {
    const resource = { resource: 'pods', responseKind: { kind: 'Pod' }, scope: 'Namespaced', verbs: ['list'] };
    const versions = [{ version: 'v1', resources: [resource] }];
    const items = [{ metadata: {}, versions }];
    const part = await bomb(
      createGzip(),
      ['{"kind":"PodList","items":[{"metadata":{"name":"', 'x', '"}}],"metadata":{"continue":"more"}}'],
      12 * MIB,
    );
    const url = await server(t, (path, response) => {
      response.setHeader('content-type', 'application/json');
      if (path.includes('/pods')) response.setHeader('content-encoding', 'gzip').end(part);
      else response.end(JSON.stringify({ kind: 'APIGroupDiscoveryList', items: path === '/api' ? items : [] }));
    });
    const ended = await run('get', 'pods', '--server', url, '--wait', '0');
    holds(ended);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /the list of pods is larger than the bound of 6\d.* MiB, and the server has more/);
  });
});
