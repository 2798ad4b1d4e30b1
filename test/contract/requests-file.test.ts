import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

/** Imports that fail in the file, as their messages name them. */
async function leftOut(file: string): Promise<readonly string[]> {
  const text = await readFile(new URL(`../../dist/${file}`, import.meta.url), 'utf8');
  const found = [...text.matchAll(/"([\w-]+: \.[\w./-]+) is not part of this file"/g)].map(([, name = '']) => name);
  return found.sort();
}

test('the file for lines of get, raw, run and of kubectl lacks only what runs other commands', async () => {
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
    'serve: ./run.ts',
    'setup: ./run.ts',
    'show: ./run.ts',
    'version: ./run.ts',
    'write: ./run.ts',
  ]);
});

test('the file for all lines lacks nothing', async () => assert.deepEqual(await leftOut('run.js'), []));
