import type { SentRequest } from '../../support/recording-proxy.ts';
import type { Case } from './comparison.ts';

const configMap = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

export const FILES: Readonly<Record<string, string>> = {
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
  'widget.yaml': 'apiVersion: shop.test/v1\nkind: Widget\nmetadata: {name: made}\nspec: {size: 1, note: new}\n',
  'gauge.yaml': 'apiVersion: metrics.test/v1\nkind: Gauge\nmetadata: {name: made}\nvalue: 1.5\n',
  'comma/a,b "c".yaml': configMap('comma'),
  'raw.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw"}}',
};

const isRead = ({ method }: SentRequest): boolean => method === 'GET';

/** kubectl does not say that a patch was not stored, and says when it changed nothing. */
const patched = (text: string): string => text.replace('patched (no change)', 'patched');
const patchedOnServer = (text: string): string => text.replace(/patched( \(no change\))?/g, 'patched (server dry run)');

const CREATE: readonly Case[] = [
  { args: 'create -f @plain.yaml' },
  { args: 'create -f @two.yaml' },
  { args: 'create -f @list.json' },
  { args: 'create -f @typed-list.yaml' },
  { args: 'create -f @stream.json' },
  { args: 'create -f -', input: configMap('input') },
  { args: 'create -f @two.yaml,@plain.yaml -f @namespace.yaml --dry-run=server' },
  { args: 'create -f @plain.yaml --dry-run=server --validate=warn --field-manager me' },
  { args: 'create -f @plain.yaml --validate=false -n kube-public --dry-run=none' },
  { args: 'create -f @generated.yaml' },
  { args: 'create -f @odd.yaml --validate=ignore -o yaml' },
  { args: 'create -f @odd.yaml' },
  { args: 'create -f @deployment.yaml -o json' },
  { args: 'create -f @folder' },
  { args: 'create -R -f @folder -o yaml' },
  { args: 'create -f @versioned.yaml -o name' },
  { args: 'create -f @two.yaml', there: ['one'] },
  { args: 'create -f @two.yaml -o json', there: ['one'] },
  { args: 'create -f @widget.yaml --dry-run=server' },
  { args: 'create -f @gauge.yaml' },
  { args: 'create -f @gauge.yaml -o yaml --field-manager me' },
];

const APPLY: readonly Case[] = [
  { args: 'apply --server-side -f @plain.yaml' },
  { args: 'apply --server-side -f @two.yaml --force-conflicts --field-manager me', there: ['one'] },
  { args: 'apply --server-side -f @odd.yaml --validate=ignore --dry-run=server' },
  { args: 'apply --server-side -f @deployment.yaml -o yaml' },
  { args: 'apply --server-side -f @two.yaml -o json' },
  { args: 'apply --server-side -f @two.yaml -o yaml' },
  { args: 'apply --server-side -f @two.yaml -o name' },
  { args: 'apply --server-side -R -f @folder' },
  { args: 'apply --server-side -f @widget.yaml --dry-run=server -o json' },
];

const REPLACE: readonly Case[] = [
  { args: 'replace -f @plain.yaml --dry-run=server', there: ['plain'] },
  { args: 'replace -f @versioned.yaml', there: ['plain'] },
  { args: 'replace -f @two.yaml --dry-run=server', there: ['two'] },
  { args: 'replace -f @two.yaml -o yaml', there: ['one', 'two'] },
  { args: 'replace -f @plain.yaml -o name --validate=ignore --field-manager me', there: ['plain'] },
  { args: 'replace -f @folder -R -o json --dry-run=server', there: ['fa', 'fb', 'fc'] },
];

const PATCH: readonly Case[] = [
  { args: 'patch configmap plain -p {"data":{"a":"b"}}' },
  { args: 'patch cm/plain -p data:\\s{a:\\s"1"} --type merge' },
  { args: 'patch cm plain --type json -p [{"op":"add","path":"/data","value":{"a":"<b>"}}]' },
  { args: 'patch cm plain --type merge --patch-file @patch.yaml --field-manager me' },
  { args: 'patch cm plain -p {"data":{}}', output: patched },
  { args: 'patch cm plain -p {"data":{"a":"b"}} --dry-run=server', output: patchedOnServer },
  { args: 'patch namespace default --subresource status --type merge -p {"status":{}}', output: patched },
  { args: 'patch cm/plain cm/other -p {"data":{"a":"b"}} -o yaml', there: ['plain', 'other'] },
  { args: 'patch cm plain -p {"data":{"a":"b"}} -o json' },
  { args: 'patch cm plain -p {"data":{"a":"b"}} -o name' },
  { args: 'patch cm plain -p {"data":[]}' },
  { args: 'patch wd small --type merge -p {"spec":{"size":3}} --dry-run=server -o yaml' },
  { args: 'patch gauge cpu --type merge -p {"value":2}', output: patched },
].map((one) => ({ there: ['plain'], besides: isRead, ...one }));

const isUnderWay = '--wait=false';
const DELETE: readonly Case[] = [
  { args: `delete cm plain other`, there: ['plain', 'other'] },
  { args: 'delete cm/plain --dry-run=server --cascade=orphan', there: ['plain'] },
  { args: 'delete cm plain missing --cascade', there: ['plain'] },
  { args: 'delete cm plain --grace-period 30 --cascade=foreground --dry-run=server', there: ['plain'] },
  { args: 'delete cm plain --now', there: ['plain'] },
  { args: 'delete cm plain --grace-period 0', there: ['plain'] },
  { args: 'delete cm plain --force', there: ['plain'] },
  { args: 'delete -f @two.yaml', there: ['one', 'two'] },
  { args: 'delete -f @two.yaml --ignore-not-found' },
  { args: 'delete cm -l made=here', there: ['one', 'two'] },
  { args: 'delete cm,svc -l made=here -o name', there: ['one', 'two'] },
  { args: 'delete cm -l no=where' },
  { args: 'delete cm --all -n kube-node-lease' },
  { args: 'delete cm,ns -l no=where -o name' },
  { args: 'delete ns default -n default --dry-run=server' },
  { args: 'delete cm --field-selector metadata.name=plain -A', there: ['plain', 'other'] },
  { args: 'delete cm/plain wd/small --dry-run=server', there: ['plain'] },
  { args: 'delete wd,cm small fixed --dry-run=server -o name', there: ['plain'] },
  { args: 'delete gauge cpu missing' },
  { args: 'delete cm missing --ignore-not-found' },
].map((one) =>
  one.args.includes('--dry-run') ? one : { ...one, args: `${one.args} ${isUnderWay}`, ours: shown(one.args) },
);

function shown(args: string): string {
  const [, format = 'table'] = / -o (\S+)/.exec(args) ?? [];
  return `${args.replace(/ -o \S+/, '')} --show-response=${format}`;
}

const RAW: readonly Case[] = [
  {
    ours: 'raw POST /api/v1/namespaces/default/configmaps?dryRun=All --data @@raw.json --show-response',
    args: 'create --raw /api/v1/namespaces/default/configmaps?dryRun=All -f @raw.json',
  },
  {
    ours: 'raw put /api/v1/namespaces/default/configmaps/raw --data @@raw.json --show-response',
    args: 'replace --raw /api/v1/namespaces/default/configmaps/raw -f @raw.json',
    there: ['raw'],
  },
  {
    ours: 'raw DELETE /api/v1/namespaces/default/configmaps/raw --show-response',
    args: 'delete --raw /api/v1/namespaces/default/configmaps/raw',
    there: ['raw'],
  },
  { ours: 'raw GET /readyz?verbose --show-response', args: 'get --raw /readyz?verbose' },
  { ours: 'raw GET /apis/metrics.test/v1/gauges --show-response', args: 'get --raw /apis/metrics.test/v1/gauges' },
];

/** Writing, with the server's response in every output format of kubectl. */
export const WRITE_CASES: readonly Case[] = [...CREATE, ...APPLY, ...REPLACE, ...PATCH, ...DELETE, ...RAW];
