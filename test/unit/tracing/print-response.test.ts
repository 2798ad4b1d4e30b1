import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { run } from '../../../src/run.ts';
import { testRuntime } from '../kube/fixture.ts';
import { folderOf } from '../kube/folder.ts';
import { serve } from '../../support/http-server.ts';

const NOTE = 'bell \u0007, colour \u009b31m, \u001b[31m';

/** A server that has one pod, whose table has control characters in it, and a Secret's worth of JSON. */
async function podWith(context: TestContext): Promise<string> {
  const resources = [
    { resource: 'pods', responseKind: { kind: 'Pod' }, scope: 'Namespaced', singularResource: 'pod', verbs: ['get'] },
  ];
  const core = { items: [{ metadata: {}, versions: [{ version: 'v1', resources }] }] };
  const table = {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Note', type: 'string' },
    ],
    rows: [{ cells: ['web', NOTE], object: { metadata: { namespace: 'default' } } }],
  };
  const { url } = await serve(context, (request, response) => {
    response.setHeader('content-type', 'application/json');
    response.setHeader('warning', '299 - "first"');
    if (request.url === '/api' || request.url === '/apis') {
      const list = request.url === '/api' ? core : { items: [] };
      response.end(JSON.stringify({ kind: 'APIGroupDiscoveryList', ...list }));
    } else if (request.headers.accept?.includes('as=Table') === true) response.end(JSON.stringify(table));
    else response.end('{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","uid":9007199254740993}}');
  });
  return url;
}

interface Told {
  readonly out: string;
  readonly err: string;
}

async function told(context: TestContext, args: readonly string[], isTTY = false): Promise<Told> {
  let [out, err] = ['', ''];
  const home = await folderOf(context, { empty: '' });
  await run(
    [...args, '-s', await podWith(context), '--wait', '0', '--no-history'],
    testRuntime({
      home,
      outTerminal: { isTTY, columns: 100 },
      out: { write: (text) => void (out += text) },
      err: { write: (text) => void (err += text) },
    }),
    '0.1.0',
  );
  return { out, err };
}

suite('the response', () => {
  test('is printed as kubectl prints it into a pipe', async (context) => {
    const { out } = await told(context, ['get', 'pod', 'web', '--show-response']);
    const table = `NAME   NOTE\nweb    ${NOTE.replace('\u001b', '^[')}\n\n`;
    assert.ok(out.startsWith(table), out);
    assert.match(out.slice(table.length), /^(?:.+\n)+\nGET /);
  });

  test('has no control characters on a terminal', async (context) => {
    const { out } = await told(context, ['get', 'pod', 'web', '--show-response', '--color', 'never'], true);
    const table = 'NAME   NOTE\nweb    bell \\u0007, colour \\u009b31m, ^[[31m\n\n';
    assert.ok(out.startsWith(table), out);
    assert.match(out.slice(table.length), /^(?:.+\n)+\nGET /);
  });

  test('is in the document, with large integers as strings', async (context) => {
    const { out } = await told(context, ['get', 'pod', 'web', '--show-response=yaml', '-o', 'json']);
    const { requests } = JSON.parse(out) as { requests: { purpose: string; body: unknown }[] };
    assert.deepEqual(
      requests.map(({ body }) => body),
      [null, null, { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'web', uid: '9007199254740993' } }],
    );
  });

  test('is left out unless requested', async (context) => {
    const { out } = await told(context, ['get', 'pod', 'web']);
    assert.match(out, /^GET /m);
    assert.ok(!out.includes('bell'));
  });

  test('of a repeated request is shown once', async (context) => {
    const { out } = await told(context, ['get', 'pod', 'web', '--repeat', '2', '--show-response=name']);
    assert.equal(out.split('pod/web\n').length, 2, out);
  });

  test('is shown with each warning once', async (context) => {
    const { err } = await told(context, ['get', 'pod', 'web', 'web', '--show-response=name']);
    assert.equal(err, 'Warning: first\n');
  });
});
