import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { readInput, readInputs } from '../../../../src/kube/manifest/files.ts';
import { testRuntime } from '../fixture.ts';

let folder: string;
const input = (text: string) =>
  async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  };
const read = async (names: readonly string[], recursive = false, text = ''): Promise<(readonly [string, string])[]> => {
  const texts = await readInputs(names, recursive, testRuntime({ cwd: folder, input: input(text) }));
  return texts.map((each) => [each.source, each.text] as const);
};
const refused = (names: readonly string[], message: RegExp): Promise<void> =>
  assert.rejects(read(names), (error: Error & { exitCode: number }) => {
    assert.match(error.message, message);
    assert.equal(error.exitCode, 2);
    return true;
  });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-files-'));
  await mkdir(join(folder, 'f/below'), { recursive: true });
  await mkdir(join(folder, 'empty'));
  for (const name of ['f/b.yaml', 'f/a.yml', 'f/c.json', 'f/d.txt', 'f/below/e.yaml', 'one']) {
    await writeFile(join(folder, name), name);
  }
  await symlink('a.yml', join(folder, 'f/link.yaml'));
});
after(() => rm(folder, { recursive: true, force: true }));

suite('-f', () => {
  test('a file, whatever its name is', async () => assert.deepEqual(await read(['one']), [['one', 'one']]));

  test('a folder: what is YAML or JSON in it, by name', async () => {
    const names = (await read(['f'])).map(([source]) => source);
    assert.deepEqual(names, ['f/a.yml', 'f/b.yaml', 'f/c.json', 'f/link.yaml']);
  });

  test('a folder with those in it, each in its place', async () => {
    const names = (await read(['f'], true)).map(([source]) => source);
    assert.deepEqual(names, ['f/a.yml', 'f/b.yaml', 'f/below/e.yaml', 'f/c.json', 'f/link.yaml']);
  });

  test('standard input, between files, once', async () => {
    assert.deepEqual(await read(['one', '-', 'one'], false, 'typed'), [
      ['one', 'one'],
      ['STDIN', 'typed'],
      ['one', 'one'],
    ]);
    await refused(['-', '-'], /only once/);
  });

  test('UTF-16 with a byte order mark, and UTF-8 with one', async () => {
    await writeFile(join(folder, 'le'), Buffer.from('\ufeffä: 1', 'utf16le'));
    await writeFile(join(folder, 'be'), Buffer.from('\ufeffä: 1', 'utf16le').swap16());
    await writeFile(join(folder, 'utf8'), '\ufeffä: 1');
    assert.deepEqual(
      (await read(['le', 'be', 'utf8'])).map(([, text]) => text),
      ['ä: 1', 'ä: 1', 'ä: 1'],
    );
  });

  test('what cannot be read', async () => {
    await refused(['missing'], /^the path "missing" does not exist$/);
    await refused(['one/two'], /^the path "one\/two" does not exist$/);
    await refused(['empty'], /^error reading \[empty\]: recognized file extensions are \[.json .yaml .yml\]$/);
    await refused(['https://example.com/a.yaml'], /^a URL is not read$/);
    await refused(['a\0b'], /not valid/);
    await writeFile(join(folder, 'binary'), Buffer.from([0x61, 0xff, 0xfe]));
    await refused(['binary'], /^error parsing binary: it is not UTF-8$/);
  });

  test('no more than 50 MB, all files together', async () => {
    await writeFile(join(folder, 'large'), '');
    await truncate(join(folder, 'large'), 30_000_000);
    assert.equal((await read(['large']))[0]?.[1].length, 30_000_000);
    await refused(['large', 'large'], /larger than 50 MB/);
  });

  test('endless input is not read to its end', async () => {
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(1_000_000);
    };
    await assert.rejects(readInput('-', testRuntime({ input: endless })), /larger than 50 MB/);
  });
});
