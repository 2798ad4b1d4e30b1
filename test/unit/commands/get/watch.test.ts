import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { suite, test, type TestContext } from 'node:test';
import { run } from '../../../../src/run.ts';
import { testRuntime } from '../../kube/fixture.ts';
import { folderOf } from '../../kube/folder.ts';
import { serve } from '../../../support/http-server.ts';

const resources = [
  { resource: 'pods', responseKind: { kind: 'Pod' }, scope: 'Namespaced', singularResource: 'pod', verbs: ['watch'] },
];
const DISCOVERY: Readonly<Record<string, unknown>> = {
  '/api': { items: [{ metadata: {}, versions: [{ version: 'v1', resources }] }] },
  '/apis': { items: [] },
};

const pod = (name: string): unknown => ({ kind: 'Pod', apiVersion: 'v1', metadata: { name } });
const event = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

interface Watched {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `get pods -w` of a server that has one pod; `changes` is handed its open stream, and what is printed until then. */
async function watch(
  context: TestContext,
  changes: (stream: ServerResponse, whenPrinted: (text: string) => Promise<void>) => Promise<void> | void,
  ...flags: string[]
): Promise<Watched> {
  let [out, err] = ['', ''];
  const waiting = new Map<string, () => void>();
  const whenPrinted = (text: string): Promise<void> =>
    out.includes(text) ? Promise.resolve() : new Promise((resolve) => waiting.set(text, resolve));
  const { url } = await serve(context, (request, response) => {
    response.setHeader('content-type', 'application/json');
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const discovery = DISCOVERY[pathname];
    if (discovery !== undefined) response.end(JSON.stringify({ kind: 'APIGroupDiscoveryList', ...discovery }));
    else if (searchParams.get('watch') !== 'true') {
      const list = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: [pod('first')] };
      response.end(JSON.stringify(list));
    } else {
      response.flushHeaders();
      void changes(response, whenPrinted);
    }
  });
  const home = await folderOf(context, { empty: '' });
  const code = await run(
    ['get', 'pods', '-w', ...flags, '-s', url, '--wait', '0', '--no-history'],
    testRuntime({
      home,
      err: { write: (text) => void (err += text) },
      out: {
        write: (text) => {
          out += text;
          for (const [wanted, resolve] of waiting) if (out.includes(wanted)) resolve();
        },
      },
    }),
    '0.1.0',
  );
  return { code, out, err };
}

suite('a watch', () => {
  test('shows each change on arrival', async (context) => {
    const changes = async (stream: ServerResponse, whenPrinted: (text: string) => Promise<void>): Promise<void> => {
      await whenPrinted('pod/first\n');
      stream.write(event('ADDED', pod('second')));
      // Without this the stream would never go on.
      await whenPrinted('pod/second\n');
      stream.write(event('MODIFIED', pod('third')));
    };
    const { code, out, err } = await watch(context, changes, '--for-events', '2', '--show-response=name');
    assert.equal(code, 0, err);
    assert.match(out, /^pod\/first\npod\/second\npod\/third\n\n[^]+\n\n2 requests /);
  });

  test('separates its objects with YAML document markers', async (context) => {
    const changes = (stream: ServerResponse): void => void stream.write(event('ADDED', pod('second')));
    const { out } = await watch(context, changes, '--for-events', '1', '--show-response=yaml');
    const document = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n`;
    const documents = `${document('first')}---\n${document('second')}\n`;
    assert.ok(out.startsWith(documents), out);
    assert.match(out.slice(documents.length), /^[^]+\n\n2 requests /);
  });

  test('is a list of events in the document, and prints no other output', async (context) => {
    const changes = (stream: ServerResponse): void => void stream.write(event('ADDED', pod('second')));
    const { out } = await watch(context, changes, '--for-events', '1', '--show-response', '-o', 'json');
    const { requests } = JSON.parse(out) as { requests: { body: unknown }[] };
    assert.deepEqual(requests.at(-1)?.body, [{ type: 'ADDED', object: pod('second') }]);
  });

  test('that the server ends with an error fails', async (context) => {
    const status = { kind: 'Status', reason: 'Expired', message: 'too old resource version', code: 410 };
    const changes = (stream: ServerResponse): void => void stream.end(event('ERROR', status));
    const { code, err } = await watch(context, changes, '--for-events', '3');
    assert.equal(code, 1);
    assert.match(err, /^error: the watch ended: too old resource version$/m);
  });
});
