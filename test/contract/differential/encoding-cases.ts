import type { SentRequest } from '../../support/recording-proxy.ts';
import type { Case } from './comparison.ts';

/** Files as editors and shells of Windows write them: lines that end with CR LF, and byte order marks. */
const BOM = '\ufeff';
const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
const utf16 = (text: string): Buffer => Buffer.from(BOM + text, 'utf16le');

const TEXTS = `# first
apiVersion: v1
kind: ConfigMap
metadata:
  name: texts
  labels: {a: b,
    c: d}
data:
  literal: |
    one

      two
    three
  trailing: |+
    one

  folded: >-
    one
    two

    three
  plain: one
    two
  single: 'one

    two'
  double: "one \\
    two
    ünï 😀"
  escaped: "a\\r\\nb"
  empty:
  last: end`;
const TWO = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: one}
---
# nothing
---${' '}
apiVersion: v1
kind: ConfigMap
metadata: {name: two}
data: {a: "ü"}
...
`;
const UNENDED = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: texts}\ndata:\n  a: |\n    one\n    two';
const JSON_TEXT = '{\n  "kind": "ConfigMap",\n  "apiVersion": "v1",\n  "metadata": {"name": "texts"}\n}\n';
const STREAM =
  '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one"}}\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"two"}}\n';
const PATCH = 'data:\n  block: |\n    one\n    two\n  quoted: "a\n    b"\n';
const JSON_PATCH = '[\n {"op": "add",\n  "path": "/data", "value": {"z": "ü", "a": "b"}}\n]\n';
const MERGE = '{\n "data": {"z": "ü",\n "a": "b"}\n}\n';

export const ENCODED_FILES: Readonly<Record<string, string | Buffer>> = {
  'crlf.yaml': crlf(TEXTS),
  'crlf-bom.yaml': BOM + crlf(TEXTS),
  'crlf-utf16.yaml': utf16(crlf(TEXTS)),
  'crlf-utf16be.yaml': utf16(crlf(TEXTS)).swap16(),
  'two-crlf.yaml': crlf(TWO),
  'two-bom.yaml': BOM + TWO,
  'two-crlf-bom.yaml': BOM + crlf(TWO),
  'two-utf16.yaml': utf16(crlf(TWO)),
  // As `copy /b a.yaml+b.yaml` leaves it.
  'joined.yaml': `${BOM}${crlf(TEXTS)}\r\n---\r\n${BOM}${crlf(TWO)}`,
  'carriage.yaml': TEXTS.replaceAll('\n', '\r'),
  'unended.yaml': UNENDED,
  'unended-crlf.yaml': crlf(UNENDED),
  'unended-patch.yaml': crlf('data:\n  a: |\n    one\n    two'),
  'crlf.json': crlf(JSON_TEXT),
  'crlf-bom.json': BOM + crlf(JSON_TEXT),
  'utf16.json': utf16(crlf(JSON_TEXT)),
  'stream-crlf.json': crlf(STREAM),
  'stream-bom.json': BOM + crlf(STREAM),
  'patch-crlf.yaml': crlf(PATCH),
  'patch-crlf-bom.yaml': BOM + crlf(PATCH),
  'patch-utf16.yaml': utf16(crlf(PATCH)),
  'merge-crlf.json': crlf(MERGE),
  'merge-bom.json': BOM + crlf(MERGE),
  'merge-utf16.json': utf16(MERGE),
  'operations-bom.json': BOM + crlf(JSON_PATCH),
  'operations-crlf.json': crlf(JSON_PATCH),
  'raw-bom.json': BOM + crlf(JSON_TEXT),
};

const isRead = ({ method }: SentRequest): boolean => method === 'GET';

const PATCHES: readonly Case[] = [
  { args: 'patch cm plain --type merge --patch-file @patch-crlf.yaml' },
  { args: 'patch cm plain --type merge --patch-file @patch-crlf-bom.yaml' },
  { args: 'patch cm plain --type merge --patch-file @patch-utf16.yaml' },
  { args: 'patch cm plain --patch-file @merge-crlf.json' },
  { args: 'patch cm plain --patch-file @merge-bom.json' },
  { args: 'patch cm plain --patch-file @merge-utf16.json' },
  { args: 'patch cm plain --type json --patch-file @operations-crlf.json' },
  { args: 'patch cm plain --type json --patch-file @operations-bom.json' },
  { args: 'patch cm plain --type merge -p data:\\r\\n\\s\\sa:\\s|\\r\\n\\s\\s\\s\\sone\\r\\n\\s\\s\\s\\stwo\\r\\n' },
  // Nothing ends its last line.
  { args: 'patch cm plain --type merge -p data:\\n\\s\\sa:\\s|\\n\\s\\s\\s\\sone\\n\\s\\s\\s\\stwo' },
  { args: 'patch cm plain --type merge -p data:\\n\\s\\sa:\\s|+\\n\\s\\s\\s\\sone\\n\\n\\s\\s\\s\\stwo' },
  { args: 'patch cm plain --type merge -p data:\\n\\s\\sa:\\s>\\n\\s\\s\\s\\sone\\n\\s\\s\\s\\stwo' },
  { args: 'patch cm plain --type merge --patch-file @unended-patch.yaml' },
].map((one) => ({ there: ['plain'], besides: isRead, ...one }));

export const ENCODING_CASES: readonly Case[] = [
  ...Object.keys(ENCODED_FILES)
    .filter((name) => /^(crlf|two|joined|carriage|stream)/.test(name) || name === 'utf16.json')
    .map((name): Case => ({ args: `create -f @${name}` })),
  { args: 'create -f -', input: BOM + crlf(TWO) },
  { args: 'apply --server-side -f @two-crlf-bom.yaml' },
  { args: 'replace -f @two-crlf-bom.yaml', there: ['one', 'two'] },
  {
    args: 'delete -f @two-utf16.yaml --wait=false',
    ours: 'delete -f @two-utf16.yaml --show-response=table',
    there: ['one', 'two'],
  },
  {
    args: 'create --raw /api/v1/namespaces/default/configmaps -f @raw-bom.json',
    ours: 'raw POST /api/v1/namespaces/default/configmaps --data @@raw-bom.json --show-response',
  },
  { args: 'create -f @unended.yaml' },
  { args: 'create -f @unended-crlf.yaml' },
  ...PATCHES,
];
