import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { makeFolders } from '../../src/folders.ts';

const folder = fs.mkdtempSync(path.join(tmpdir(), 'kubectl-trace-folders-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const make = (name: string): void => makeFolders(path.join(folder, name), 0o700, { fs, path });

test('folders are made with those above them, each with the mode', () => {
  make('a/b/c');
  for (const name of ['a', 'a/b', 'a/b/c']) {
    assert.equal(fs.statSync(path.join(folder, name)).mode & 0o7777, 0o700);
  }
  make('a/b/c');
  make('a/b/d');
  assert.deepEqual(fs.readdirSync(path.join(folder, 'a/b')), ['c', 'd']);
});

test('a file in the way is an error', () => {
  fs.writeFileSync(path.join(folder, 'file'), '');
  assert.throws(() => make('file'), { code: 'EEXIST' });
  assert.throws(() => make('file/below'), { code: 'ENOTDIR' });
  fs.symlinkSync('nowhere', path.join(folder, 'link'));
  assert.throws(() => make('link/below'), { code: 'EEXIST' });
});

test('root makes none in a folder of another user', () => {
  fs.mkdirSync(path.join(folder, 'home'));
  const statSync = ((name: string, options: fs.StatOptions) => {
    const found = fs.statSync(name, options);
    return found === undefined ? undefined : Object.assign(found, { uid: name.endsWith('/home') ? 1000 : 0 });
  }) as typeof fs.statSync;
  const makeAs = (uid: number | undefined, name: string): void =>
    makeFolders(path.join(folder, 'home', name), 0o700, { fs: { ...fs, statSync }, path }, uid);
  assert.throws(() => makeAs(0, '.local/state'), /^Error: .*\/home belongs to another user than root$/);
  assert.deepEqual(fs.readdirSync(path.join(folder, 'home')), []);
  makeAs(1000, '.local/state');
  // It can use what exists.
  makeAs(0, '.local/state');
  makeAs(undefined, '.cache');
});

test('a folder that another process makes at the same time is taken', () => {
  const mkdirSync = ((made: string) => {
    fs.mkdirSync(made);
    fs.mkdirSync(made);
  }) as typeof fs.mkdirSync;
  makeFolders(path.join(folder, 'race/below'), 0o700, { fs: { ...fs, mkdirSync }, path });
  assert.ok(fs.statSync(path.join(folder, 'race/below')).isDirectory());
});

/** As below /proc, and in a home folder that autofs does not find: mkdir says ENOENT below a folder that exists. */
test('where no folder can be made, it is tried once', () => {
  let attempts = 0;
  const mkdirSync = (() => {
    attempts++;
    throw Object.assign(new Error('ENOENT: no such file or directory'), { code: 'ENOENT' });
  }) as typeof fs.mkdirSync;
  const above = path.join(folder, 'x/y/z');
  assert.throws(() => makeFolders(above, 0o700, { fs: { ...fs, mkdirSync }, path }), { code: 'ENOENT' });
  assert.equal(attempts, 1);
});
