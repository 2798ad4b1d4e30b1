import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { proxiedFiles } from '../../scripts/build/bundle.ts';
import { SHARED } from '../../scripts/build/proxied.ts';

/** Imports that fail in the file, as their messages name them. */
async function leftOut(file: string): Promise<readonly string[]> {
  const text = await readFile(new URL(`../../dist/${file}`, import.meta.url), 'utf8');
  const found = [...text.matchAll(/"([\w-]+: \.[\w./-]+|src\/[\w./-]+) is not part of this file"/g)];
  return found.map(([, name = '']) => name).sort();
}

test('the file for lines of get and raw lacks only what runs other commands', async () => {
  assert.deepEqual(await leftOut('requests.js'), [
    'completion: ./run.ts',
    'delete: ./run.ts',
    'doctor: ./document.ts',
    'doctor: ./run.ts',
    'glossary: ./run.ts',
    'history: ./run.ts',
    'patch: ./run.ts',
    'pod: ../pod/follow-created.ts',
    'pod: ./error-document.ts',
    'pod: ./run.ts',
    'run: ./run.ts',
    'serve: ./run.ts',
    'setup: ./run.ts',
    'show: ./run.ts',
    'version: ./run.ts',
    'write: ./run.ts',
  ]);
});

test('the file for all lines lacks nothing', async () => assert.deepEqual(await leftOut('run.js'), []));

/** A module with a state, or with a class of values that others recognize. */
const STATE =
  /^(?:export )?(?:let |class \w+ extends \w*Error)|new Weak(?:Map|Set)|^(?:export )?const \w+ = Symbol|instanceof [A-Z]\w+Part/m;

/** Modules with a state of which each of the two files has a copy, and why that makes no difference. */
const TWICE: Readonly<Record<string, string>> = {
  'src/codec/protobuf/reader.ts': 'each file catches its own errors',
  'src/files.ts': 'each file catches its own errors',
  'src/response-bounds.ts': 'each file catches its own errors; a table that is made when it is used',
};

suite('the two files for lines of run and of the commands of kubectl', () => {
  test('lack only what runs other commands', async () => {
    for (const file of ['proxied.js', 'report.js']) {
      const others = (await leftOut(file)).filter((path) => !path.startsWith('src/commands/'));
      assert.deepEqual(others, [], file);
    }
    const first = await leftOut('proxied.js');
    assert.deepEqual(
      first.filter((path) => /^src\/commands\/(?:run|help|kubectl\/run)/.test(path)),
      [],
    );
  });

  test('share the modules with a state, or have them twice for a reason', async () => {
    const { first, second } = await proxiedFiles('dist');
    const inBoth = first.sources.filter((path) => path.startsWith('src/') && second.sources.includes(path));
    assert.ok(inBoth.length > 50, `only ${inBoth.length} modules`);
    const texts = await Promise.all(inBoth.map((path) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')));
    const found = inBoth.filter((_, index) => STATE.test(texts[index]!)).sort();
    assert.deepEqual(found, Object.keys(TWICE).sort());
    for (const path of SHARED) assert.ok(first.sources.includes(path) && !second.sources.includes(path), path);
  });
});
