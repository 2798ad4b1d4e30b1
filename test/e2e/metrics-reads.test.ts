import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, suite, test, type TestContext } from 'node:test';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';

/** When the built program reads `/metrics`: of an API server that has none of its requests. */
const home = cleanHome();
after(() => home.remove());

const NODES = '/api/v1/nodes';

interface Server {
  /** The connection of the user's request is cut. */
  readonly isCut?: boolean;
  /** Status of the user's request. */
  readonly status?: number;
  /** Whether the user may read the metrics. */
  readonly allowed?: boolean;
}

interface Seen extends Outcome {
  /** The paths of `/metrics` and of the user's request, in the order in which they came. */
  readonly paths: readonly string[];
  readonly traceparents: ReadonlyMap<string, string>;
}

async function paths(
  t: TestContext,
  args: readonly string[],
  { isCut = false, status = 200, allowed = true }: Server = {},
): Promise<Seen> {
  const seen: string[] = [];
  const traceparents = new Map<string, string>();
  const api = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (path === NODES || path === '/metrics') {
      seen.push(path);
      traceparents.set(path, String(request.headers['traceparent']));
    }
    const json = (code: number, value: unknown): void =>
      void response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (path === NODES && isCut) request.socket.destroy();
    else if (path === NODES && status === 200)
      json(status, { kind: 'NodeList', apiVersion: 'v1', metadata: {}, items: [] });
    else if (path === NODES) json(status, { kind: 'Status', code: status, reason: 'Forbidden', message: 'no nodes' });
    else if (path === '/metrics') response.writeHead(200, { 'content-type': 'application/vnd.google.protobuf' }).end();
    else if (path.endsWith('/selfsubjectaccessreviews')) json(201, { status: { allowed } });
    else json(404, {});
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    api.closeAllConnections();
    api.close();
  });
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const outcome = await kubectlTrace(home.path, ['get', '--raw', NODES, '--server', url, ...args]);
  return { ...outcome, paths: seen, traceparents };
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

suite('of a user who may not read the metrics', () => {
  const REASON =
    "  the API server's metrics would show its stages, but this user may not read /metrics: bind ClusterRole system:monitoring\n";

  test('one line gives the reason and the role, whether the request is refused or not', async (t) => {
    for (const status of [200, 403]) {
      for (const flag of ['--metrics=auto', '--metrics=delta']) {
        const { stderr, paths: seen } = await paths(t, [flag], { status, allowed: false });
        assert.equal(stderr.split(REASON).length, 2, `${status} ${flag}: ${stderr}`);
        assert.deepEqual(seen, [NODES]);
      }
    }
  });

  test('the row of the first reading says that it was refused, also when it is shown again', async (t) => {
    const rows = (text: string): unknown =>
      parseDocument(text)
        .trace?.spans.map(({ name }) => name)
        .filter((name) => name.includes('before the request'));
    const refused = ["read the API server's metrics, before the request (refused)"];
    const { stdout } = await paths(t, ['--metrics=delta', '-o', 'json'], { allowed: false });
    assert.deepEqual(rows(stdout), refused);
    const again = await kubectlTrace(home.path, ['show', 'last', '-o', 'json']);
    assert.deepEqual(rows(again.stdout), refused);
    const read = await paths(t, ['--metrics=delta', '-o', 'json']);
    assert.deepEqual(rows(read.stdout), ["read the API server's metrics, before the request"]);
  });
});
