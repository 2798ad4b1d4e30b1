import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { run } from '../../src/run.ts';
import { sharedCluster } from '../cluster/shared.ts';
import { RecordingProxy, type SentRequest } from '../support/recording-proxy.ts';
import { testRuntime } from './fixture.ts';
import { runKubectl } from './kubectl.ts';

/** kubectl itself says what is to be sent: both send through a proxy that writes down what comes. */
const cluster = sharedCluster();
let proxy: RecordingProxy;
let folder: string;

const configMap = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

const FILES: Readonly<Record<string, string>> = {
  'plain.yaml': configMap('plain', 'data:\n  html: "<b>&\\u2028</b>"\n  ünï: "😀"\n'),
  'two.yaml': `# first\n---\n${configMap('one')}---\n# nothing\n---\n${configMap('two')}`,
  'list.json': JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b', namespace: 'kube-public' } },
    ],
  }),
  'typed-list.yaml': 'apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: c}\n- metadata: {name: d}\n',
  'stream.json':
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"s1"}}\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"s2"}}',
  'generated.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: made-}\n',
  'odd.yaml': configMap(
    'odd',
    `metadata2: &base {x: 1, "1.0": 1.0}
values: [0755, 0o17, 0x1F, 0b11, 1_000, 1e3, .5, -0.0, +12, 9007199254740993, 18446744073709551615, 1e21, 1e-7, 08]
words: [yes, No, on, y, n, ~, null, "yes", 2020-01-01, 2020-01-01T00:00:00Z, 1:30, !!str 12, .5.5, "", 0x, _1]
keys: {yes: 1, 0777: 2, 1.5: 3, true: 4, __proto__: 5, n: 6, Z: 7, a: 8}
merged: {<<: *base, y2: 2}
twice: 1
twice: 2
text: |
  line
   indented
folded: >-
  one
  two
`,
  ),
  'versioned.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain, resourceVersion: "1"}\n',
  'namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: written}\n',
  'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
`,
  'folder/b.yaml': configMap('fb'),
  'folder/a.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"fa"}}',
  'folder/ignored.txt': 'not: read',
  'folder/below/c.yml': configMap('fc'),
  'patch.yaml': 'data:\n  from: file\n  "on": "0755"\n',
  'raw.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw"}}',
};

interface Case {
  /** Of both, a file of FILES as @NAME. */
  readonly args: string;
  /** Where kubectl's differ. */
  readonly kubectl?: string;
  readonly input?: string;
  /** Objects that are there before each of the two. */
  readonly there?: readonly string[];
  /** What kubectl sends besides: docs/kubectl-differences.md says why we do not. */
  readonly besides?: (sent: SentRequest) => boolean;
}

const isRead = ({ method }: SentRequest): boolean => method === 'GET';

const CASES: readonly Case[] = [
  { args: 'create -f @plain.yaml' },
  { args: 'create -f @two.yaml' },
  { args: 'create -f @list.json' },
  { args: 'create -f @typed-list.yaml' },
  { args: 'create -f @stream.json' },
  { args: 'create -f - ', input: configMap('input') },
  { args: 'create -f @two.yaml,@plain.yaml -f @namespace.yaml --dry-run=server' },
  { args: 'create -f @plain.yaml --dry-run=server --validate=warn --field-manager me' },
  { args: 'create -f @plain.yaml --validate=false -n kube-public --dry-run=none' },
  { args: 'create -f @generated.yaml' },
  { args: 'create -f @odd.yaml --validate=ignore' },
  { args: 'create -f @deployment.yaml' },
  { args: 'create -f @folder' },
  { args: 'create -R -f @folder' },
  { args: 'create -f @versioned.yaml' },
  { args: 'create -f @two.yaml', there: ['one'] },
  { args: 'apply -f @plain.yaml', kubectl: 'apply --server-side -f @plain.yaml' },
  { args: 'apply --server-side -f @two.yaml --force-conflicts --field-manager me', there: ['one'] },
  { args: 'apply --server-side -f @odd.yaml --validate=ignore --dry-run=server' },
  { args: 'apply --server-side -f @deployment.yaml' },
  { args: 'replace -f @plain.yaml --dry-run=server', there: ['plain'] },
  { args: 'replace -f @versioned.yaml', there: ['plain'] },
  { args: 'replace -f @two.yaml --dry-run=server', there: ['two'] },
  { args: 'patch configmap plain -p {"data":{"a":"b"}}', there: ['plain'], besides: isRead },
  { args: 'patch cm/plain -p data:\\s{a:\\s"1"} --type merge', there: ['plain'], besides: isRead },
  {
    args: 'patch cm plain --type json -p [{"op":"add","path":"/data","value":{"a":"<b>"}}] --dry-run=server',
    there: ['plain'],
    besides: isRead,
  },
  {
    args: 'patch cm plain --type merge --patch-file @patch.yaml --field-manager me',
    there: ['plain'],
    besides: isRead,
  },
  { args: 'patch namespace default --subresource status --type merge -p {"status":{}}', besides: isRead },
  { args: 'delete cm plain other', kubectl: 'delete cm plain other --wait=false', there: ['plain', 'other'] },
  { args: 'delete cm/plain --dry-run=server --cascade=orphan', there: ['plain'] },
  { args: 'delete cm plain missing --cascade', kubectl: 'delete cm plain missing --wait=false', there: ['plain'] },
  {
    args: 'delete cm plain --grace-period 30 --cascade=foreground --dry-run=server',
    there: ['plain'],
  },
  { args: 'delete cm plain --now', kubectl: 'delete cm plain --now --wait=false', there: ['plain'] },
  {
    args: 'delete cm plain --grace-period 0',
    kubectl: 'delete cm plain --grace-period 0 --wait=false',
    there: ['plain'],
  },
  { args: 'delete cm plain --force', kubectl: 'delete cm plain --force --wait=false', there: ['plain'] },
  { args: 'delete -f @two.yaml', kubectl: 'delete -f @two.yaml --wait=false', there: ['one', 'two'] },
  { args: 'delete -f @two.yaml --ignore-not-found', kubectl: 'delete -f @two.yaml --ignore-not-found --wait=false' },
  { args: 'delete cm -l made=here', kubectl: 'delete cm -l made=here --wait=false', there: ['one', 'two'] },
  { args: 'delete cm -l no=where' },
  { args: 'delete cm --all -n kube-node-lease', kubectl: 'delete cm --all -n kube-node-lease --wait=false' },
  {
    args: 'raw POST /api/v1/namespaces/default/configmaps?dryRun=All --data @@raw.json',
    kubectl: 'create --raw /api/v1/namespaces/default/configmaps?dryRun=All -f @raw.json',
  },
  {
    args: 'raw put /api/v1/namespaces/default/configmaps/raw --data @@raw.json',
    kubectl: 'replace --raw /api/v1/namespaces/default/configmaps/raw -f @raw.json',
    there: ['raw'],
  },
  {
    args: 'raw DELETE /api/v1/namespaces/default/configmaps/raw',
    kubectl: 'delete --raw /api/v1/namespaces/default/configmaps/raw',
    there: ['raw'],
  },
  { args: 'raw GET /readyz?verbose', kubectl: 'get --raw /readyz?verbose' },
];

suite('what kubectl sends', () => {
  before(async () => {
    proxy = await RecordingProxy.start(cluster(), 'masters');
    folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-write-'));
    for (const [name, text] of Object.entries(FILES)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  });
  after(async () => {
    await proxy?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const { args, kubectl = args, input = '', there = [], besides = () => false } of CASES) {
    test(args, async () => {
      await prepare(there);
      const expected = await runKubectl(cluster().binaries.kubectl, ['-s', proxy.url, ...words(kubectl)], {}, input);
      const sent = proxy.take().filter((each) => !isDiscovery(each) && !besides(each));
      assert.ok(sent.length > 0, expected.log);
      await prepare(there);
      const told = await trace(words(args), input);
      const own = proxy.take().filter((each) => !isDiscovery(each));
      assert.deepEqual(own, sent.map(settled(own)));
      assert.equal(told.code, expected.exitCode, told.err);
      if (args.startsWith('raw')) return;
      const lines = expected.stdout.split('\n').filter((line) => line !== '' && line !== 'No resources found');
      const ownLines = told.out.split('\n').slice(0, lines.length);
      assert.deepEqual(ownLines.map(comparable), lines.map(comparable));
      if (expected.exitCode !== 0)
        assert.ok(
          comparableError(told.err).includes(comparableError(expected.stderr)),
          `${told.err}\n${expected.stderr}`,
        );
    });
  }
});

/** Without the name that the server makes, and what docs/kubectl-differences.md says of a patch. */
const comparable = (line: string): string =>
  line
    .replace(/\/made-\w{5} /, '/made-… ')
    .replace('patched (no change)', 'patched')
    .replace('patched (server dry run)', 'patched');

/** Of several faults the server names any. */
const comparableError = (text: string): string => text.replace(/\.\w+: field not declared/, '.…: field not declared');

/** kubectl's request with our resourceVersion: the object was made anew in between. */
const settled =
  (own: readonly SentRequest[]) =>
  (sent: SentRequest, index: number): SentRequest => {
    const version = /"resourceVersion":"\d+"/;
    const [ours] = version.exec(own[index]?.body ?? '') ?? [];
    return ours === undefined ? sent : { ...sent, body: sent.body.replace(version, ours) };
  };

async function trace(args: readonly string[], input: string): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const home = join(folder, 'home');
  const code = await run(
    [...args, '-s', proxy.url, '--wait', '0', '--no-history', '--cache-dir', home],
    testRuntime({
      out: { write: (text) => void (out += text) },
      err: { write: (text) => void (err += text) },
      input: async function* () {
        yield Buffer.from(input);
      },
      home,
    }),
    '0.1.0',
  );
  return { code, out, err };
}

/** kubectl asks for schemas and types, in ways and numbers of its own. */
const isDiscovery = ({ method, path }: SentRequest): boolean =>
  method === 'GET' &&
  /^\/(openapi\/|version$|api$|apis$|api\/v1$|apis\/[^/]+(\/[^/]+)?$|apis\/apiextensions.k8s.io\/v1\/customresourcedefinitions$)/.test(
    path,
  );

/** Words of a command line; a file's place is filled in, and \s is a space. */
const words = (line: string): string[] =>
  line
    .trim()
    .split(' ')
    .map((word) => word.replaceAll(/@([\w.-]+)/g, (_, name: string) => join(folder, name)).replaceAll('\\s', ' '));

/** Only these objects are there. */
async function prepare(there: readonly string[]): Promise<void> {
  const configMaps = '/api/v1/namespaces/default/configmaps';
  for (const path of [configMaps, configMaps.replace('default', 'kube-public')]) {
    await cluster().call('DELETE', `${path}?fieldSelector=metadata.name%21%3Dkube-root-ca.crt`);
  }
  await cluster().call('DELETE', '/apis/apps/v1/namespaces/default/deployments/web');
  for (const name of there) {
    const metadata = { name, labels: { made: 'here' } };
    const { status } = await cluster().call('POST', configMaps, {
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata },
    });
    assert.equal(status, 201);
  }
}
