import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CATALOGUE } from '../../../../src/glossary/catalogue.ts';
import { run } from '../../../../src/run.ts';
import { parseGlossary } from '../../../support/schema.ts';
import { testRuntime } from '../../kube/fixture.ts';

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** No fetch and no socket: the glossary sends nothing. */
async function glossary(...args: string[]): Promise<Printed> {
  let [stdout, stderr] = ['', ''];
  const runtime = testRuntime({
    out: { write: (text) => void (stdout += text) },
    err: { write: (text) => void (stderr += text) },
  });
  const code = await run(['glossary', ...args], runtime, '0.1.0');
  return { code, stdout, stderr };
}

const NAMES = CATALOGUE.flatMap(({ entries }) => entries.map(({ name }) => name));

suite('glossary', () => {
  test('lists every row by group, no line wider than the terminal', async (t) => {
    const { code, stdout, stderr } = await glossary('--width', '80');
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const lines = stdout.split('\n');
    assert.ok(lines.every((line) => line.length <= 80));
    // Each summary is short enough to be read as a whole.
    assert.deepEqual(
      lines.filter((line) => line.endsWith('…')),
      [],
    );
    const file = fileURLToPath(new URL('../../../golden/glossary.80.txt', import.meta.url));
    t.assert.fileSnapshot(stdout, file, { serializers: [String] });
  });

  test('lists every name and summary in full with -o wide', async () => {
    const { stdout } = await glossary('-o', 'wide');
    const lines = stdout.split('\n');
    for (const { title, entries } of CATALOGUE) {
      assert.ok(lines.includes(title));
      for (const { name, summary } of entries) {
        assert.ok(
          lines.some((line) => line.startsWith(`  ${name}  `)),
          name,
        );
        assert.ok(
          lines.some((line) => line.endsWith(`  ${summary}`)),
          summary,
        );
      }
    }
  });

  test('lists the names with -o name, and everything with -o json', async () => {
    assert.deepEqual((await glossary('-o', 'name')).stdout.trimEnd().split('\n'), NAMES);
    const { items } = parseGlossary((await glossary('-o', 'json')).stdout);
    assert.deepEqual(
      items.map(({ name }) => name),
      NAMES,
    );
    const groups = new Set(items.map(({ group }) => group));
    assert.deepEqual(
      [...groups],
      CATALOGUE.map(({ id }) => id),
    );
  });

  test('explains one row, at most as wide as the terminal', async () => {
    const { code, stdout } = await glossary('queue', '--width', '60');
    assert.equal(code, 0);
    assert.ok(stdout.split('\n').every((line) => line.length <= 60));
    assert.match(stdout, /^priorityandfairness\nAPI server: the wait in a queue/);
    for (const field of ['slow', 'next', 'since', 'source', 'also'])
      assert.match(stdout, new RegExp(`^${field} +\\S`, 'm'));
  });

  test('takes a name of several words without quotes', async () => {
    assert.match((await glossary('call', 'validating', 'webhook')).stdout, /^Call validating webhook\n/);
  });

  test('explains one row with -o json and jsonpath', async () => {
    const { items } = parseGlossary((await glossary('KV/Txn', '-o', 'json')).stdout);
    assert.deepEqual(
      items.map(({ name, group }) => [name, group]),
      [['etcdserverpb.KV/Txn', 'etcd']],
    );
    assert.equal((await glossary('KV/Txn', '-o', 'jsonpath={.items[0].name}')).stdout, 'etcdserverpb.KV/Txn');
  });

  test('refuses an unknown row with the nearest name', async () => {
    const { code, stdout, stderr } = await glossary('chacher.GetList');
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    assert.match(
      stderr,
      /^error: the glossary has no row "chacher\.GetList"\nhint: Did you mean "cacher\.GetList"\?\n/,
    );
  });

  test('refuses an unknown row that is like nothing, with a way to all', async () => {
    const { code, stderr } = await glossary('zzzzzzzz\u001b[31m');
    assert.equal(code, 2);
    assert.match(stderr, /hint: kubectl trace glossary lists all rows/);
    assert.ok(!stderr.includes('\u001b'));
  });

  test('refuses an empty name, which a script may have by mistake', async () => {
    for (const name of ['', '  ']) {
      assert.deepEqual(await glossary(name), {
        code: 2,
        stdout: '',
        stderr: 'error: the name of a row is empty\nhint: kubectl trace glossary lists all rows\n',
      });
    }
  });

  test('refuses forms of -o that only a trace has, and --redact', async () => {
    assert.match((await glossary('-o', 'otlp')).stderr, /glossary has no -o otlp/);
    assert.match((await glossary('--redact')).stderr, /glossary has no --redact/);
  });
});
