import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { CONNECTION_FLAGS } from '../../../../src/cli/options/connection.ts';
import type { FlagWord } from '../../../../src/cli/split.ts';
import { objectNames } from '../../../../src/commands/complete/object-names.ts';
import { testRuntime } from '../../kube/fixture.ts';
import { folderOf } from '../../kube/folder.ts';

const TYPES = {
  kind: 'APIResourceList',
  groupVersion: 'v1',
  resources: [
    { name: 'pods', singularName: 'pod', shortNames: ['po'], namespaced: true, kind: 'Pod', verbs: ['list'] },
  ],
};

const table = (names: readonly string[], more?: string): object => ({
  kind: 'Table',
  metadata: more === undefined ? {} : { continue: more },
  columnDefinitions: [
    { name: 'Age', format: '' },
    { name: 'Name', format: 'name' },
  ],
  rows: names.map((name) => ({ cells: ['5m', name], object: null })),
});

interface Served {
  readonly names: readonly string[] | undefined;
  /** The requests for objects. */
  readonly lists: readonly IncomingMessage[];
}

/** `list` responds to the requests for objects. */
async function namesFrom(
  context: TestContext,
  list: (url: URL, response: ServerResponse) => unknown,
  user: object = {},
  untilMillis = Infinity,
): Promise<Served> {
  const lists: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://server');
    const types: Readonly<Record<string, unknown>> = {
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/apis': { kind: 'APIGroupList', groups: [] },
      '/api/v1': TYPES,
    };
    if (url.pathname.endsWith('/pods')) lists.push(request);
    const document = types[url.pathname] ?? list(url, response);
    response.setHeader('content-type', 'application/json');
    if (document !== undefined) response.end(JSON.stringify(document));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const kubeconfig = {
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
    'current-context': 'c',
  };
  const folder = await folderOf(context, { kubeconfig: JSON.stringify(kubeconfig) });
  const flag = CONNECTION_FLAGS.find(({ name }) => name === 'kubeconfig')!;
  const flags: FlagWord[] = [{ kind: 'flag', flag, value: join(folder, 'kubeconfig'), at: 0 }];
  const until = untilMillis === Infinity ? performance.now() + 60_000 : untilMillis;
  const runtime = { ...testRuntime(), home: folder };
  const names = await objectNames({ type: 'po', flags, untilMillis: until }, runtime, '0').catch(() => 'failed');
  return { names: names === 'failed' ? undefined : (names as readonly string[] | undefined), lists };
}

suite('names of objects', () => {
  test('are a column of the table, which is requested without the objects', async (context) => {
    const { names, lists } = await namesFrom(context, () => table(['web-1', 'web-2']));
    assert.deepEqual(names, ['web-1', 'web-2']);
    assert.deepEqual(
      lists.map(({ url }) => url),
      ['/api/v1/namespaces/shop/pods?includeObject=None&limit=500'],
    );
    assert.match(lists[0]?.headers.accept ?? '', /^application\/json;as=Table;v=v1;g=meta\.k8s\.io,/);
  });

  test('come in parts', async (context) => {
    const { names, lists } = await namesFrom(context, ({ searchParams }) =>
      searchParams.get('continue') === 'second' ? table(['web-2']) : table(['web-1'], 'second'),
    );
    assert.deepEqual(names, ['web-1', 'web-2']);
    assert.match(lists[1]?.url ?? '', /includeObject=None/);
  });

  test('do not exist in an empty list', async (context) => {
    const { names } = await namesFrom(context, () => ({ ...table([]), rows: null }));
    assert.deepEqual(names, []);
  });

  test('are left to kubectl where there is no table, no name in it, or a refusal', async (context) => {
    const refuse = (_: URL, response: ServerResponse): object => {
      response.statusCode = 403;
      return { kind: 'Status', code: 403 };
    };
    const lists = [() => ({ kind: 'PodList', items: [] }), () => ({ kind: 'Table', rows: [] }), () => [], refuse];
    for (const list of lists) assert.equal((await namesFrom(context, list)).names, undefined);
    const nameless = { ...table(['web']), columnDefinitions: [{ name: 'Age' }] };
    assert.equal((await namesFrom(context, () => nameless)).names, undefined);
  });

  test('are left to kubectl where a credential plugin has to run: it could prompt here', async (context) => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'plugin', interactiveMode: 'IfAvailable' };
    const { names, lists } = await namesFrom(context, () => table(['web']), { exec });
    assert.deepEqual([names, lists], [undefined, []]);
  });

  test('are not waited for longer than there is time', async (context) => {
    const never = (): undefined => undefined;
    const { names, lists } = await namesFrom(context, never, {}, performance.now() + 1500.5);
    assert.deepEqual([names, lists.length], [undefined, 1]);
  });
});
