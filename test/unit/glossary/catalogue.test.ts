import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { CATALOGUE } from '../../../src/glossary/catalogue.ts';
import { findEntries, matches } from '../../../src/glossary/find.ts';
import { importsOf, sources } from '../../support/architecture.ts';
import { auditNames, gapNames, recordedMetricNames, recordedSpanNames, stageNames } from '../../support/row-names.ts';

const ENTRIES = CATALOGUE.flatMap(({ entries }) => entries);
const OPERATIONS = 'get list listWithCount listStream getCurrentResourceVersion create update delete'.split(' ');

/** Names of which the glossary has no entry, or several. */
const unexplained = (names: Iterable<string>): string[] =>
  [...names].flatMap((name) => {
    const found = findEntries(name);
    return found.length === 1 ? [] : [`${name}: ${found.map(({ entry }) => entry.name).join(' | ') || 'no entry'}`];
  });

suite('the glossary has exactly one entry for', () => {
  const recorded = recordedSpanNames();
  for (const [service, least] of [
    ['apiserver', 50],
    ['etcd', 4],
    ['kubelet', 15],
    ['containerd', 35],
  ] as const) {
    test(`each span that ${service} has recorded`, () => {
      const names = recorded.get(service) ?? new Set();
      assert.ok(names.size >= least, `only ${names.size} names were found`);
      assert.deepEqual(unexplained(names), []);
    });
  }

  test('each stage that the code makes of a metric', () => {
    assert.ok(stageNames().size > 12);
    assert.deepEqual(unexplained(stageNames()), []);
  });

  test('each row of recorded metrics, plug-ins by name included', () => {
    const names = recordedMetricNames();
    assert.ok(names.has('NamespaceLifecycle'));
    assert.deepEqual(unexplained(names), []);
  });

  test('the time between stages, whichever of them are missing', () => {
    const names = gapNames();
    assert.ok(names.has('authentication, filters, admission, storage, encode, write (inferred)'));
    assert.deepEqual(unexplained(names), []);
  });

  test('each layer of the audit log', () => assert.deepEqual(unexplained(auditNames()), []));

  test('each operation in etcd that a metric counts, and encryption', () => {
    const rows = OPERATIONS.flatMap((operation) => [
      `etcd ${operation} (length only)`,
      `etcd ${operation} (at most, 3 in all)`,
    ]);
    assert.deepEqual(unexplained([...rows, 'encryption (length only)', 'decryption (at most, 2 in all)']), []);
  });

  test('each name, and each other name, of an entry', () => {
    for (const entry of ENTRIES) {
      for (const name of [entry.name, ...(entry.also ?? [])]) {
        const owners = ENTRIES.filter((candidate) => matches(candidate, name));
        assert.deepEqual(owners, [entry], name);
        assert.deepEqual(
          findEntries(name).map((found) => found.entry),
          [entry],
          name,
        );
      }
    }
  });
});

/** Labels of rows, from the screens that tests draw: between the branch and the column of times. */
function labelsOnScreens(): ReadonlySet<string> {
  const folder = new URL('../../golden/', import.meta.url);
  const screens = readdirSync(folder).filter(
    (name) => /\.(?:120|160|200)\.txt$/.test(name) && !name.startsWith('hotrod'),
  );
  const lines = screens.flatMap((name) =>
    readFileSync(new URL(name, folder), 'utf8')
      .replaceAll(/␛\[\d+m/g, '')
      .split('\n'),
  );
  return new Set(
    lines.flatMap((line) => /^[│ ]*[├└][─┄] (?:▲ )?(.+?)(?: ✗)? {2,}(?:[≤~]?\d|·|no end|[ ┄]*$)/.exec(line)?.[1] ?? []),
  );
}

test('each row of the screens that tests draw has an entry', () => {
  const labels = labelsOnScreens();
  assert.ok(labels.size > 100, `only ${labels.size} labels were found`);
  assert.deepEqual(
    [...labels].filter((label) => findEntries(label).length === 0),
    [],
  );
});

suite('an entry', () => {
  test('has short texts without a period', () => {
    for (const { name, summary, slow, next, about = '' } of ENTRIES) {
      for (const text of [summary, slow, next]) assert.doesNotMatch(text, /^$|\.$/, name);
      assert.match(about, /^$|\.$/, name);
      assert.ok(Math.max(slow.length, next.length) <= 160 && about.length <= 260, name);
    }
  });

  test('names files of this program only if they exist', () => {
    const files = ENTRIES.flatMap(({ source }) => source.match(/\bsrc\/[\w./-]+\.ts/g) ?? []);
    assert.ok(files.length > 20);
    assert.deepEqual(
      files.filter((file) => !existsSync(new URL(`../../../${file}`, import.meta.url))),
      [],
    );
  });
});

test('the catalogue is loaded by its command alone, when that runs', async () => {
  const imports = [...(await sources())].flatMap(([file, text]) => importsOf(file, text));
  const users = imports.filter(
    ({ file, specifier }) => /\/glossary\//.test(specifier) && !file.startsWith('glossary/'),
  );
  assert.deepEqual([...new Set(users.map(({ file }) => file))].toSorted(), [
    'commands/glossary/draw.ts',
    'commands/glossary/run.ts',
    'commands/index.ts',
  ]);
  const light = users.filter(({ file }) => file === 'commands/index.ts').map(({ specifier }) => specifier);
  assert.deepEqual(light, ['./glossary/command.ts']);
});
