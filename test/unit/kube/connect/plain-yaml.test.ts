import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { parseYAML } from '../../../../src/kube/manifest/yaml.ts';
import { readPlainYAML } from '../../../../src/kube/connect/plain-yaml.ts';

const kubeconfig = `# written by hand
apiVersion: v1
kind: Config
current-context: "admin"
preferences: {}
extensions: []
clusters:
- name: local
  cluster:
    server: https://127.0.0.1:6443
    certificate-authority-data: LS0tLS1CRUdJTi==
    insecure-skip-tls-verify: false
contexts:
  - context:
      cluster: local
      user: admin
    name: admin
users:
- name: admin
  user:
    exec:
      command: aws
      args:
      - get-token
      - '--region'
`;

suite('a kubeconfig', () => {
  test('as kubectl writes it is read as parseYAML reads it', () => {
    assert.deepEqual(readPlainYAML(kubeconfig), answer(kubeconfig));
    assert.notEqual(readPlainYAML(kubeconfig), undefined);
  });

  const others: readonly (readonly [what: string, text: string])[] = [
    ['flow collections', 'users: [a]\n'],
    ['block scalars', 'a: |\n  b\n'],
    ['anchors', 'a: &x b\nc: *x\n'],
    ['escapes', 'a: "b\\n"\n'],
    ['numbers', 'a: 1\n'],
    ['a boolean of YAML 1.1', 'a: yes\n'],
    ['a name that is a boolean of YAML 1.1', 'a: No\n'],
    ['a key that is a boolean of YAML 1.1', 'on: b\n'],
    ['a merge key', 'a: &a\n  b: c\nd:\n  <<: *a\n'],
    ['nothing written out', 'a: ~\n'],
    ['a comment behind a value', 'a: b # c\n'],
    ['a value over two lines', 'a: b\n  c\n'],
    ['a key that comes twice', 'a: b\na: c\n'],
    ['tabs', 'a:\tb\n'],
    ['a doubtful indent', 'a:\n    b: c\n  d: e\n'],
    ['several documents', 'a: b\n---\nc: d\n'],
    ['beyond ASCII', 'a: \u00fc\n'],
    ['nothing', ''],
    ['not YAML', '}{'],
  ];
  for (const [what, text] of others) {
    test(`with ${what} is left to parseYAML`, () => assert.equal(readPlainYAML(text), undefined));
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
  "a|b:|c: |- |-|  |    |\n|\n|\n  |\n- |d: e|true|null|no|y|on: b|1|''|\"x\"|'y'|:|https://h:1/|#| #|~|[]|{}|=|.|@|/|f: g\n|\n    ".split(
    '|',
  );

test('what is read at all is read as parseYAML reads it, whatever the text', () => {
  const piece = fc.constantFrom(...PIECES);
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const read = readPlainYAML(pieces.join(''));
      if (read !== undefined) assert.deepEqual(read, answer(pieces.join('')));
    }),
    { numRuns: 20_000 },
  );
});

test('what js-yaml writes is read back, or left to it', () => {
  const { tree } = fc.letrec((tie) => ({
    tree: fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,8}$/), tie('value'), { minKeys: 1, maxKeys: 4 }),
    value: fc.oneof(fc.string(), fc.boolean(), fc.stringMatching(/^[\w./:=-]{1,12}$/), tie('tree'), tie('list')),
    list: fc.array(fc.oneof(fc.stringMatching(/^[a-z-]{1,8}$/), tie('tree')), { minLength: 1, maxLength: 3 }),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const read = readPlainYAML(dump(value));
      if (read !== undefined) assert.deepEqual(read, answer(dump(value)));
    }),
    { numRuns: 2000 },
  );
});
