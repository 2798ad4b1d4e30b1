import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, suite, test, type TestContext } from 'node:test';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';

/** When the built program reads `/metrics`: of an API server that has none of its requests, and whose user may read them. */
const home = cleanHome();
after(() => home.remove());

const NODES = '/api/v1/nodes';

/** The paths of `/metrics` and of the user's request, in the order in which they came. */
async function paths(
  t: TestContext,
  args: readonly string[],
  { isCut = false } = {},
): Promise<{ readonly paths: readonly string[]; readonly traceparents: ReadonlyMap<string, string> }> {
  const seen: string[] = [];
  const traceparents = new Map<string, string>();
  const api = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (path === NODES || path === '/metrics') {
      seen.push(path);
      traceparents.set(path, String(request.headers['traceparent']));
    }
    const json = (status: number, value: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (path === NODES && isCut) request.socket.destroy();
    else if (path === NODES) json(200, { kind: 'NodeList', apiVersion: 'v1', metadata: {}, items: [] });
    else if (path === '/metrics') response.writeHead(200, { 'content-type': 'application/vnd.google.protobuf' }).end();
    else if (path.endsWith('/selfsubjectaccessreviews')) json(201, { status: { allowed: true } });
    else json(404, {});
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    api.closeAllConnections();
    api.close();
  });
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  await kubectlTrace(home.path, ['get', '--raw', NODES, '--server', url, ...args]);
  return { paths: seen, traceparents };
}

suite('the metrics are read', () => {
  test('once, after the request, in another trace, which is not sampled', async (t) => {
    const { paths: seen, traceparents } = await paths(t, []);
    assert.deepEqual(seen, [NODES, '/metrics']);
    const [ours, metrics] = [traceparents.get(NODES), traceparents.get('/metrics')].map((one) => one?.split('-'));
    assert.equal(ours?.[3], '01');
    assert.equal(metrics?.[3], '00');
    assert.notEqual(metrics?.[1], ours?.[1]);
  });

  test('with --metrics=delta before the request as well', async (t) => {
    assert.deepEqual((await paths(t, ['--metrics=delta'])).paths, ['/metrics', NODES, '/metrics']);
  });

  test('with --repeat between the requests, and after the last one', async (t) => {
    const timed = [NODES, '/metrics'];
    // The first one warms up, and is not reported.
    assert.deepEqual((await paths(t, ['--repeat', '3'])).paths, [NODES, ...timed, ...timed, ...timed]);
  });

  test('never with --wait 0 or --metrics=off', async (t) => {
    for (const flag of [['--wait', '0'], ['--metrics=off']]) {
      assert.deepEqual((await paths(t, flag)).paths, [NODES], flag.join(' '));
    }
  });

  test('never for a request without a response', async (t) => {
    const { paths: seen } = await paths(t, [], { isCut: true });
    assert.ok(seen.length > 0 && !seen.includes('/metrics'), seen.join(' '));
  });
});
