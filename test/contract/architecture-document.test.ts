import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';

const root = new URL('../../', import.meta.url);
const text = await readFile(new URL('docs/ARCHITECTURE.md', root), 'utf8');
const walk = /## One command, step by step\n([^]*?)\n## /.exec(text)?.[1] ?? '';

/** Paths in a text, as far as they name a file or a folder of the repository. */
const pathsIn = (part: string): string[] => [
  ...new Set([...part.matchAll(/`((?:bin|src|test|scripts|docs)\/[\w./-]*)`/g)].map(([, path]) => path!)),
];

suite('docs/ARCHITECTURE.md', () => {
  test('names only files and folders that exist', () => {
    const paths = pathsIn(text);
    assert.ok(paths.length > 25, `only ${paths.length} paths were found`);
    assert.deepEqual(
      paths.filter((path) => !existsSync(new URL(path, root))),
      [],
    );
  });

  test('walks one get in ten steps, each with its file', () => {
    const steps = walk.split(/\n(?=\d+\. )/).filter((step) => /^\d+\. /.test(step));
    assert.deepEqual(
      steps.map((step) => step.split('.')[0]),
      Array.from({ length: 10 }, (_, index) => String(index + 1)),
    );
    for (const step of steps) assert.notDeepEqual(pathsIn(step), [], step);
  });

  test('opens at most 25 files on that walk', () => {
    const files = pathsIn(walk);
    assert.equal(files[0], 'bin/kubectl-trace');
    assert.ok(files.length <= 25, `${files.length} files`);
  });
});
