import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { run } from '../../../src/run.ts';
import { testRuntime } from '../kube/fixture.ts';
import { serve, type TestServer } from '../../support/http-server.ts';

/** An API server that has one type, and answers nothing else. */
function configMapsOnly(context: TestContext): Promise<TestServer> {
  const resources = [
    {
      resource: 'configmaps',
      responseKind: { kind: 'ConfigMap' },
      scope: 'Namespaced',
      singularResource: 'configmap',
      shortNames: ['cm'],
      verbs: ['create'],
    },
  ];
  const core = { items: [{ metadata: {}, versions: [{ version: 'v1', resources }] }] };
  return serve(context, (request, response) => {
    const list = request.url === '/api' ? core : { items: [] };
    response.setHeader('content-type', 'application/json');
    if (request.url === '/api' || request.url === '/apis') {
      response.end(JSON.stringify({ kind: 'APIGroupDiscoveryList', ...list }));
    } else {
      response.statusCode = 500;
      response.end('{}');
    }
  });
}

const FILES: Readonly<Record<string, string>> = {
  'web.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n',
  'malformed.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web\ndata: {}\n',
  'empty.yaml': '---\n# nothing\n',
  'no-kind.yaml': 'apiVersion: v1\nmetadata: {name: web}\n',
  'escape.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ../../nodes/a}\n',
  'escape-namespace.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: a/b}\n',
  'unknown.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n---\napiVersion: v1\nkind: Widget\n',
  'elsewhere.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\n',
  'infinite.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\nvalue: .inf\n',
  'endless.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\nvalue: &a [*a]\n',
  'list.json': '[1]',
};
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-refused-'));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, 'large.yaml'), '');
  await truncate(join(folder, 'large.yaml'), 50_000_001);
});
after(() => rm(folder, { recursive: true, force: true }));

suite('invalid command lines are rejected before any request', () => {
  for (const [line, code, reason, message] of [
    ['get cm ../../secrets', 2, 'InvalidArguments', /no need to specify a resource type as a separate argument/],
    ['get cm/../secrets', 2, 'InvalidArguments', /may not have more than one slash/],
    ['get cm ..', 2, 'InvalidName', /may not be '\.\.'/],
    ['get cm a%2fb', 2, 'InvalidName', /may not contain '%'/],
    ['get cm web a\\0', 2, 'InvalidName', /may not contain '\\0'/],
    ['get cm web -n ../kube-system', 2, 'InvalidName', /invalid namespace/],
    ['get cm web --subresource ../status', 2, 'InvalidName', /invalid subresource/],
    ['get cm,widget', 1, 'UnknownResourceType', /"widget"/],
    ['get cm web -A', 2, 'NameAcrossNamespaces', /by name across all namespaces/],
    ['get --raw /api/../secrets', 2, 'InvalidRawPath', /must not have "\." or "\.\."/],
    ['get --raw //elsewhere/x', 2, 'InvalidRawPath', /must not start with/],
    ['get cm --namespce x', 2, 'UnknownFlag', /unknown flag: --namespce/],
    ['create -f malformed.yaml', 2, 'MalformedInput', /malformed\.yaml: line \d/],
    ['create -f empty.yaml', 2, 'NoObjects', /no objects passed to create/],
    ['create -f no-kind.yaml', 2, 'MalformedInput', /kind not set/],
    ['create -f large.yaml', 2, 'InputTooLarge', /larger than 50 MB/],
    ['create -f missing.yaml', 2, 'UnreadableInput', /does not exist/],
    ['create -f web.yaml -f malformed.yaml', 2, 'MalformedInput', /malformed\.yaml/],
    ['create -f infinite.yaml', 2, 'MalformedInput', /not a number/],
    ['create -f endless.yaml', 2, 'MalformedInput', /line 4: the value of an anchor contains itself/],
    ['apply --server-side -f web.yaml -f escape.yaml', 2, 'InvalidName', /may not contain '\/'/],
    ['replace -f web.yaml -f escape.yaml', 2, 'InvalidName', /may not contain '\/'/],
    ['create -f web.yaml -f escape-namespace.yaml', 2, 'InvalidName', /may not contain '\/'/],
    ['create -f unknown.yaml', 1, 'UnknownKind', /no matches for kind "Widget" in version "v1"/],
    ['create -f elsewhere.yaml -n other', 2, 'NamespaceMismatch', /does not match the namespace "other"/],
    ['delete cm web -A', 2, 'NameAcrossNamespaces', /by name across all namespaces/],
    ['delete -f web.yaml web', 2, 'InvalidArguments', /no types, names or selectors/],
    ['delete cm web a/b', 2, 'InvalidArguments', /resource\/name form/],
    ['delete cm web ..', 2, 'InvalidName', /may not be '\.\.'/],
    ['delete widget web', 1, 'UnknownResourceType', /widget/],
    ['patch cm web -p {not-json', 2, 'MalformedInput', /a strategic patch is an object/],
    ['patch cm web -p {a:1} --type merge', 2, 'MalformedInput', /a merge patch is an object/],
    ['patch cm web -p {"a":1} --type json', 2, 'MalformedInput', /a json patch is a list of operations/],
    ['patch cm web -p [] --type merge', 2, 'MalformedInput', /a merge patch is an object/],
    ['patch cm web --patch-file large.yaml', 2, 'InputTooLarge', /larger than 50 MB/],
    ['patch cm web -p {} --type apply', 2, 'MalformedInput', /an apply patch needs apiVersion and kind/],
    ['patch cm web --patch-file list.json', 2, 'MalformedInput', /a strategic patch is an object/],
    ['patch cm web ../a -p {}', 2, 'InvalidArguments', /resource\/name form/],
    ['raw POST /api/../x --data {}', 2, 'InvalidRawPath', /must not have "\." or "\.\."/],
    ['raw POST //elsewhere/x --data {}', 2, 'InvalidRawPath', /must not start with/],
    ['raw POST https://elsewhere/x --data {}', 2, 'InvalidRawPath', /must be a valid URL path/],
    ['raw POST /x\0 --data {}', 2, 'InvalidRawPath', /a character that a path cannot have/],
    ['raw POST /x --data @missing', 2, 'UnreadableInput', /does not exist/],
    ['raw POST /x --data @a\0', 2, 'InvalidArguments', /file name/],
  ] as const) {
    test(line, async (t) => {
      const server = await configMapsOnly(t);
      let [out, err] = ['', ''];
      const words = line.split(' ').map((word) => word.replaceAll('\\0', '\0'));
      const status = await run(
        [...words, '-s', server.url, '--wait', '0', '--no-history', '-o', 'json', '--cache-dir', join(folder, t.name)],
        testRuntime({
          cwd: folder,
          home: folder,
          out: { write: (text) => void (out += text) },
          err: { write: (text) => void (err += text) },
        }),
        '0.1.0',
      );
      const { error, exitCode } = JSON.parse(out) as { error: { reason: string; message: string }; exitCode: number };
      assert.equal(status, code, err);
      assert.equal(exitCode, code);
      assert.equal(error.reason, reason);
      assert.match(error.message, message);
      const sent = server.requests.map(({ method, url }) => `${method} ${url}`);
      assert.deepEqual(
        sent.filter((request) => request !== 'GET /api' && request !== 'GET /apis'),
        [],
      );
    });
  }
});

// `-o json` is kubectl's then: standard output is not ours.
for (const [line, message] of [
  ['gte cm', /^error: unknown command "gte" for "kubectl trace"\nhint: Did you mean "get"\?$/m],
  ['expose deployment web', /^error: "expose" is run by kubectl, which cannot be found: executable file not found/],
] as const) {
  test(`${line} without kubectl is an error on standard error alone`, async (t) => {
    const server = await configMapsOnly(t);
    let [out, err] = ['', ''];
    const status = await run(
      [...line.split(' '), '-s', server.url, '-o', 'json'],
      testRuntime({ out: { write: (text) => void (out += text) }, err: { write: (text) => void (err += text) } }),
      '0.1.0',
    );
    assert.equal(status, 2);
    assert.equal(out, '');
    assert.match(err, message);
    assert.deepEqual(server.requests, []);
  });
}
