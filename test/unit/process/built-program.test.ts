import assert from 'node:assert/strict';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, before, suite, test } from 'node:test';
import * as vm from 'node:vm';
import * as zlib from 'node:zlib';
import { BuiltProgram, openBuiltFiles, type BuiltFiles } from '../../../src/process/built-program.ts';

const modules = { fs, path, crypto, zlib, vm };
let folder: string;
before(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'kubectl-trace-program-')));
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const asFunction = (body: string): string => `(function (exports, require, module, __filename, __dirname) {${body}\n})`;

function filesOf(bodies: Readonly<Record<string, string>>): BuiltFiles & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    path: (name) => path.join(folder, name),
    read(name) {
      reads.push(name);
      return asFunction(bodies[name] ?? assert.fail(`${name} is not a file of the program`));
    },
  };
}

function program(files: BuiltFiles, kept?: string): BuiltProgram {
  const place = { folder: kept, uid: process.geteuid?.(), command: 'get', node: 'v1' };
  return new BuiltProgram(files, 'one', place, createRequire(import.meta.url), modules);
}

suite('the built program', () => {
  test('runs the file of a package when it is first required, and once', () => {
    const files = filesOf({
      'run.js':
        'exports.parse = () => require("./package-yaml.js").parse; exports.read = require("node:fs").readFileSync;',
      'package-yaml.js': 'module.exports = { parse: {} };',
    });
    const loaded = program(files).load('run') as { parse(): unknown; readonly read: unknown };
    assert.deepEqual(files.reads, ['run.js']);
    assert.equal(loaded.read, fs.readFileSync);
    assert.equal(loaded.parse(), loaded.parse());
    assert.deepEqual(files.reads, ['run.js', 'package-yaml.js']);
  });

  test('stores the compiled code of the command, and that of each package for all commands', () => {
    const kept = path.join(folder, 'kept');
    fs.mkdirSync(kept, { mode: 0o700 });
    const files = filesOf({ 'run.js': 'require("./package-yaml.js");', 'package-yaml.js': 'exports.parse = 1;' });
    const built = program(files, kept);
    built.load('run');
    built.keep(true);
    assert.deepEqual(fs.readdirSync(kept).sort(), ['get-v1-one', 'package-yaml-v1-one']);
  });

  test('is read from the folder, unless it is part of an executable', () => {
    fs.writeFileSync(path.join(folder, 'run.js'), asFunction(''));
    const files = openBuiltFiles(folder, modules);
    assert.equal(files.read('run.js'), asFunction(''));
    assert.equal(files.path('run.js'), path.join(folder, 'run.js'));
    assert.throws(() => files.read('missing.js'), { code: 'ENOENT' });
  });
});
