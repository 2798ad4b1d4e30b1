import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { readPlainJSON } from '../../../../src/kube/connect/plain-json.ts';
import { parseYAML } from '../../../../src/kube/manifest/yaml.ts';

const config = {
  kind: 'Config',
  apiVersion: 'v1',
  preferences: {},
  clusters: [
    { name: 'local', cluster: { server: 'https://127.0.0.1:6443', 'certificate-authority-data': 'LS0tLS1CRUdJTi==' } },
  ],
  users: [{ name: 'admin', user: { exec: { command: 'aws', args: ['get-token', 'yes', '010'], env: null } } }],
  contexts: [{ name: 'admin', context: { cluster: 'local', user: 'admin' } }],
  'current-context': 'admin',
};

suite('a kubeconfig', () => {
  for (const [what, text] of [
    ['in one line', JSON.stringify(config)],
    ['as kubectl config view -o json writes it', `${JSON.stringify(config, null, 4)}\n`],
    ['with a key that comes twice', '{"kind":"Secret","kind":"Config"}'],
    ['with a whole number', '{"a":[12,0,-3]}'],
  ] as const) {
    test(`${what} is read as parseYAML reads it`, () => {
      assert.notEqual(readPlainJSON(text), undefined);
      assert.deepEqual(readPlainJSON(text), answer(text));
    });
  }

  for (const [what, text] of [
    ['escapes', '{"a":"\\u00fc"}'],
    ['tabs', '{\t"a":"b"}'],
    ['characters beyond ASCII', '{"a":"\u00fc"}'],
    ['fractions', '{"a":1.5}'],
    ['a zero below zero', '{"a":-0}'],
    ['exponents', '{"a":1e3}'],
    ['more digits than a double has', '{"a":12345678901234567890}'],
    ['a key that merges in YAML', '{"<<":{"a":"b"}}'],
    ['a key that is too long for YAML', `{"${'a'.repeat(1100)}":"b"}`],
    ['a second document', '{"a":"b"}\n---\n{"a":"c"}'],
    ['plain words, which only YAML has', '{a: b}'],
    ['no mapping', '["a"]'],
    ['nothing', ''],
  ] as const) {
    test(`with ${what} is left to parseYAML`, () => assert.equal(readPlainJSON(text), undefined));
  }
});

/** What parseYAML makes of it, without its objects that have no prototype; undefined where it has an error. */
function answer(text: string): unknown {
  try {
    return structuredClone(parseYAML(text)[0]);
  } catch {
    return undefined;
  }
}

const PIECES =
  '{|}|[|]|,|:|"a"|"b": |"":|"<"|"a b"|"#"|" # "|"- "|"~"|"{"|"y"|"1"|1|0|-0|-1|01|1e3|1.5|true|null|no|~|\n|  | |#|---|...|\t|\\n|&a |*a|!'.split(
    '|',
  );

test('what is read at all is read as parseYAML reads it, whatever the text', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 20 }), (pieces) => {
      const text = `{${pieces.join('')}}`;
      const read = readPlainJSON(text);
      if (read !== undefined) assert.deepEqual(read, answer(text));
    }),
    { numRuns: 20_000 },
  );
});

test('any JSON is read as parseYAML reads it, or left to it', () => {
  const indents = fc.constantFrom(undefined, 2, 4, '\t', '\n');
  const keys = fc.oneof(fc.stringMatching(/^[\x20-\x7e]{0,12}$/), fc.constantFrom('<<', '__proto__', 'y', '1', 'null'));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.stringMatching(/^[\x20-\x7e]*$/), fc.string(), fc.integer(), fc.double(), fc.boolean()),
      fc.constant(null),
      tie('object'),
      fc.array(tie('value'), { maxLength: 4 }),
    ),
    object: fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  }));
  fc.assert(
    fc.property(fc.dictionary(keys, value, { maxKeys: 5 }), indents, (document, indent) => {
      const text = JSON.stringify(document, null, indent);
      const read = readPlainJSON(text);
      if (read !== undefined) assert.deepEqual(read, answer(text));
    }),
    { numRuns: 5000 },
  );
});
