import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import fc from 'fast-check';
import { TraceCommandError } from '../../../../src/errors.ts';
import type { JSONValue } from '../../../../src/report/json-value.ts';
import { evaluate } from '../../../../src/render/jsonpath/evaluate.ts';
import { parseTemplate } from '../../../../src/render/jsonpath/parse.ts';
import { executables } from '../../../lab/cluster/build.ts';
import { runKubectl, type Outcome } from '../../../contract/kubectl.ts';
import { BROKEN, DOCUMENT, FAILING, TEMPLATES } from './templates.ts';

let folder = '';
let kubectl = '';
let asked = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-jsonpath-'));
  ({ kubectl } = await executables());
});
after(() => rm(folder, { recursive: true, force: true }));

/** `kubectl label --local` prints any object of a file, and asks no server. The label is there already. */
async function ask(document: object, template: string): Promise<Outcome> {
  const file = join(folder, `${++asked}.json`);
  await writeFile(file, JSON.stringify(document));
  return runKubectl(kubectl, ['label', '--local', '--overwrite', '-f', file, 'a=b', '-o', `jsonpath=${template}`]);
}

suite('JSONPath prints the same as kubectl', { concurrency: 2 }, () => {
  for (const [template, output] of TEMPLATES.filter(([one]) => one !== '')) {
    test(template, async () => {
      const { stdout, stderr } = await ask(DOCUMENT, template);
      assert.equal(stderr, '');
      assert.equal(stdout, output);
    });
  }
  for (const [template, message] of [...FAILING, ...BROKEN]) {
    test(template, async () => {
      const { stderr, exitCode } = await ask(DOCUMENT, template);
      assert.equal(exitCode, 1);
      assert.ok(stderr.includes(message), stderr);
    });
  }
});

/**
 * Maps of one key, so that their order is one; lists of two or more, of which no part that is asked for is empty (see the
 * other test about empty ones).
 */
const VALUES: JSONValue = [
  { a: [1, 2, { b: 'x' }] },
  { a: 'text' },
  { b: null },
  { a: { a: { b: [true, false] } } },
  5,
  1.5,
  'µ',
  [
    [1, 4],
    [{ a: 2 }, { a: 3 }],
  ],
];

const path: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('.a', '.b', '.c', "['a']", "['a','b']") },
      { weight: 4, arbitrary: fc.constantFrom('[*]', '[0]', '[-1]', '[1:]', '[:2]', '[0,1]', '[0:2]') },
      { weight: 2, arbitrary: fc.constantFrom('..a', '..b', '.*', '..[0]', '..') },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom('@', '@.a', '@.b'), fc.constantFrom('==1', '=="x"', '!=2', '<3', '', '==true'))
          .map(([left, rest]) => `[?(${left}${rest})]`),
      },
    ),
    { minLength: 0, maxLength: 4 },
  )
  .map((steps) => `{.values${steps.join('')}}`)
  .filter((text) => !/\.\.(?=\.|\[\?|\}|\['|\[[*\d:,-]+\]\.\.)/.test(text) || /\.\.\[/.test(text));

test('random JSONPath templates print the same values as kubectl, or an error', async () => {
  const document = { ...DOCUMENT, values: VALUES };
  const works: { readonly template: string; readonly output: string }[] = [];
  const fails: string[] = [];
  for (const template of new Set(fc.sample(path, 600))) {
    try {
      works.push({ template, output: evaluate(parseTemplate(template), document) });
    } catch (error) {
      assert.ok(error instanceof TraceCommandError, template);
      fails.push(template);
    }
  }
  assert.ok(works.length > 150 && fails.length > 20, `${works.length} work and ${fails.length} do not`);
  // One question for all that work: each printed on a separate line.
  const separator = '\n----\n';
  const { stdout, stderr } = await ask(document, works.map(({ template }) => template).join('{"\\n----\\n"}'));
  assert.equal(stderr, '');
  assert.deepEqual(
    stdout.split(separator).map((output, index) => [works[index]?.template, output]),
    works.map(({ template, output }) => [template, output]),
  );
  for (const template of fails.slice(0, 25)) {
    const { exitCode } = await ask(document, template);
    assert.equal(exitCode, 1, template);
  }
});
