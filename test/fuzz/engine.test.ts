import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { feedTarget } from './engine/feeding.ts';
import { fuzz } from './engine/fuzz.ts';
import { inputsOf } from './engine/inputs.ts';
import { Random, seedOf } from './engine/random.ts';
import { changeValue } from './engine/mutate-json.ts';
import { BYTE_MUTATIONS, PROTOBUF_MUTATIONS } from './engine/mutate-bytes.ts';
import { TARGETS as FAULTY } from './programs/faulty-targets.ts';

const faulty = (name: string) => FAULTY.find((target) => target.name === name)!;
/** The corpus alone: a good input, then a bad one. */
const CORPUS = { from: 0, to: 2, millis: 60_000 };
const MANY = { from: 0, to: 300, millis: 60_000 };

suite('a promise that is broken is reported with its input', { concurrency: 2 }, () => {
  const kinds: readonly (readonly [name: string, what: string, message: RegExp])[] = [
    ['throws', 'throw', /the input is bad/],
    ['rejects-later', 'throw', /a rejection without a handler/],
    ['hangs', 'hang', /no end within 4 s/],
    ['ends', 'crash', /exit code 7/],
    ['takes-memory', 'memory', /300 MB/],
  ];
  for (const [name, what, message] of kinds) {
    test(`by a target that ${name.replace('-', ' ')}`, async () => {
      const { failures } = await feedTarget(faulty(name), 1, CORPUS, 4000);
      assert.deepEqual(
        failures.map((failure) => [failure.what, failure.index]),
        [[what, 1]],
      );
      assert.match(failures[0]!.message, message);
    });
  }

  test('and not where all promises hold', async () => {
    const { failures, figures } = await feedTarget(faulty('good'), 1, MANY);
    assert.deepEqual(failures, []);
    assert.equal(figures.at(-1)?.inputs, 300);
  });
});

suite('memory that grows', { concurrency: 2 }, () => {
  const ENOUGH = { from: 0, to: 5000, millis: 60_000 };

  test('is reported for the whole target', async () => {
    const { failures } = await feedTarget(faulty('leaks'), 1, ENOUGH);
    assert.deepEqual(
      failures.map((failure) => [failure.what, failure.index]),
      [['growth', null]],
    );
  });

  test('is not reported where a turn of the event loop frees it', async () => {
    assert.deepEqual((await feedTarget(faulty('is-freed-by-a-turn'), 1, ENOUGH)).failures, []);
  });
});

test('after a crash the next input is fed', async () => {
  const input = inputsOf(faulty('ends'), 3);
  assert.ok(!input(2).includes('bad'));
  const { figures, failures } = await feedTarget(faulty('ends'), 3, { ...CORPUS, to: 3 });
  assert.deepEqual(
    failures.map(({ index }) => index),
    [1],
  );
  assert.equal(figures.at(-1)?.inputs, 1);
});

test('the same seed makes the same inputs and outcomes, another seed others', async () => {
  const digests: (string | undefined)[] = [];
  for (const seed of [5, 5, 6]) digests.push((await feedTarget(faulty('good'), seed, MANY)).figures.at(-1)?.digest);
  assert.equal(digests[0], digests[1]);
  assert.notEqual(digests[0], digests[2]);
});

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-fuzz-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('the smallest input that fails is written into a file', async (t) => {
  const folder = folderFor(t);
  const lines: string[] = [];
  const run = {
    targets: [faulty('throws')],
    minutes: 0.05,
    seed: 9,
    jobs: 1,
    folder,
    print: (line: string) => void lines.push(line),
  };
  assert.equal(await fuzz(run), false);
  const [file] = readdirSync(folder);
  assert.equal(readFileSync(join(folder, file!), 'utf8'), 'bad');
  assert.match(lines[0]!, /^seed 9;/);
  assert.match(lines.join('\n'), /BROKEN throws: throw: Error: the input is bad/);
  assert.match(lines.join('\n'), new RegExp(`--target throws --replay ${join(folder, file!)}`));
});

test('a run in which all promises hold writes nothing', async (t) => {
  const folder = folderFor(t);
  const run = {
    targets: [faulty('good')],
    minutes: 0.03,
    seed: 9,
    jobs: 1,
    folder: join(folder, 'none'),
    print: () => {},
  };
  assert.equal(await fuzz(run), true);
  assert.deepEqual(readdirSync(folder), []);
});

test('mutations leave the corpus as it is and keep to a size', () => {
  const corpus = ['{"a":[1,{"b":"c"}],"spans":[{"traceId":"00"}]}', 'x', ''].map((text) => Buffer.from(text));
  const copies = corpus.map((bytes) => Buffer.from(bytes));
  for (const mutate of [...BYTE_MUTATIONS, ...PROTOBUF_MUTATIONS, changeValue]) {
    for (let index = 0; index < 300; index++) {
      const random = new Random(seedOf(1, mutate.name, index));
      const mutated = mutate(random.pick(corpus), random, random.pick(corpus));
      assert.ok(mutated.length < 4_000_000, `${mutate.name}: ${mutated.length} bytes`);
    }
  }
  assert.deepEqual(corpus, copies);
});

test('a document that was changed can be changed again, whatever its keys are', () => {
  const changed = new Set<string>();
  for (let index = 0; index < 200; index++) {
    const random = new Random(seedOf(2, 'again', index));
    let bytes: Buffer = Buffer.from('{"toString":{"valueOf":1,"toString":[]},"toJSON":[{"__proto__":{"a":null}}]}');
    for (let times = 0; times < 20 && bytes.length < 100_000; times++) bytes = changeValue(bytes, random, bytes);
    changed.add(bytes.toString());
  }
  assert.ok(changed.size > 150, String(changed.size));
});

test('inputs depend on their number alone', () => {
  const input = inputsOf(faulty('good'), 4);
  const later = input(50);
  input(49);
  assert.deepEqual(input(50), later);
});
