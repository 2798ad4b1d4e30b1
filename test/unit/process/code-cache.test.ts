import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, before, suite, test } from 'node:test';
import * as vm from 'node:vm';
import * as zlib from 'node:zlib';
import { loadBuilt, openCodeFolder, type CodeCachePlace, type Loaded } from '../../../src/process/code-cache.ts';

let folder: string;
before(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'kubectl-trace-code-'));
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const body = (answer: string): string => `exports.answer = () => { const why = () => ${answer}; return why(); };`;

function built(name: string, text: string): string {
  const file = path.join(folder, `${name}.js`);
  fs.writeFileSync(file, `(function (exports, require, module, __filename, __dirname) {${text}\n})`);
  return file;
}

/** Also tells whether V8 got something that was kept, and took it. */
function load(file: string, place: Partial<CodeCachePlace> = {}, hash = 'one'): Loaded & { readonly cached: string } {
  let cached = 'nothing';
  class Script extends vm.Script {
    constructor(text: string, options: vm.ScriptOptions) {
      super(text, options);
      if (options.cachedData !== undefined) cached = this.cachedDataRejected === true ? 'rejected' : 'taken';
    }
  }
  const modules = { fs, path, crypto, zlib, vm: { ...vm, Script } };
  const uid = process.geteuid?.();
  const loaded = loadBuilt(
    { path: file, text: fs.readFileSync(file, 'latin1'), hash },
    {
      uid,
      command: 'get',
      node: 'v1',
      ...place,
      folder: openCodeFolder(place.folder ?? path.join(folder, 'kept'), place.uid ?? uid, modules),
    },
    createRequire(import.meta.url),
    modules,
  );
  return { ...loaded, cached };
}

const answerOf = ({ exports }: Loaded): unknown => (exports as { answer(): unknown }).answer();
const kept = (place = 'kept'): string[] => fs.readdirSync(path.join(folder, place)).sort();

suite('what is compiled of a built file', () => {
  test('is stored when it has run, and used by the next', () => {
    const file = built('plain', body('42'));
    const first = load(file);
    assert.deepEqual([answerOf(first), first.cached], [42, 'nothing']);
    first.keep(true);
    const second = load(file);
    assert.deepEqual([answerOf(second), second.cached], [42, 'taken']);
    const mode = fs.statSync(path.join(folder, 'kept', kept()[0] ?? '')).mode & 0o777;
    assert.deepEqual([kept(), mode], [['get-v1-one'], 0o600]);
  });

  test('holds the functions that were called, which Node’s own cache does not', () => {
    const file = built('called', body('[..."called"].map((letter) => letter.toUpperCase()).join("")'));
    const place = { folder: path.join(folder, 'uncalled') };
    load(file, place).keep(true);
    const other = { folder: path.join(folder, 'called') };
    const called = load(file, other);
    answerOf(called);
    called.keep(true);
    const sizes = ['uncalled', 'called'].map((name) => fs.statSync(path.join(folder, name, 'get-v1-one')).size);
    assert.ok((sizes[1] ?? 0) > (sizes[0] ?? 0), sizes.join(' is not below '));
  });

  test('is not taken of another build, even one as long', () => {
    const place = { folder: path.join(folder, 'builds') };
    load(built('old', body('1')), place, 'old').keep(true);
    const loaded = load(built('new', body('2')), place, 'new');
    assert.deepEqual([answerOf(loaded), loaded.cached], [2, 'nothing']);
  });

  test('grows with the parts that the first runs use, and then stays as it is', () => {
    const place = { folder: path.join(folder, 'growing') };
    const parts = [1, 2, 3, 4].map(
      (n) => `exports.part${n} = () => { const own = () => "${n}".padStart(${n}); return own(); };`,
    );
    const file = built('growing', parts.join('\n'));
    const sizes = [1, 2, 3, 4].map((n) => {
      const loaded = load(file, place);
      (loaded.exports as Record<string, () => string>)[`part${n}`]?.();
      loaded.keep(true);
      return fs.statSync(path.join(folder, 'growing', 'get-v1-one')).size;
    });
    const [first = 0, second = 0, third = 0, fourth = 0] = sizes;
    assert.ok(first < second && second < third, sizes.join(', '));
    assert.equal(fourth, third);
  });

  test('of a failed run is stored while there is nothing better', () => {
    const place = { folder: path.join(folder, 'failed') };
    const file = built('failed', body('1'));
    load(file, place).keep(false);
    const name = path.join(folder, 'failed', 'get-v1-one');
    const failed = fs.readFileSync(name);
    const again = load(file, place);
    answerOf(again);
    again.keep(false);
    assert.deepEqual(fs.readFileSync(name), failed);
    for (let runs = 1; runs <= 3; runs++) {
      load(file, place).keep(true);
      assert.equal(fs.readFileSync(name)[0], runs);
    }
  });

  test('stays of three builds, so that two can be used in turn, and of each command', () => {
    const place = { folder: path.join(folder, 'many') };
    const file = built('many', body('1'));
    load(file, { ...place, command: 'pod' }, '0').keep(true);
    for (const hash of ['1', '2', '3', '4']) {
      load(file, place, hash).keep(true);
      const at = Number(hash);
      fs.utimesSync(path.join(folder, 'many', `get-v1-${hash}`), at, at);
    }
    fs.writeFileSync(path.join(folder, 'many', 'get-v1-4.left-behind.tmp'), '');
    fs.utimesSync(path.join(folder, 'many', 'get-v1-4.left-behind.tmp'), 1, 1);
    fs.writeFileSync(path.join(folder, 'many', 'get-v1-4.under-way.tmp'), '');
    load(file, { ...place, node: 'v2' }, '5').keep(true);
    assert.deepEqual(kept('many'), ['get-v1-3', 'get-v1-4', 'get-v1-4.under-way.tmp', 'get-v2-5', 'pod-v1-0']);
  });

  test('stays beside three builds that are from a clock ahead', () => {
    const place = { folder: path.join(folder, 'ahead') };
    const file = built('ahead', body('1'));
    for (const hash of ['1', '2', '3']) {
      load(file, place, hash).keep(true);
      const at = Date.now() / 1000 + 86_400 + Number(hash);
      fs.utimesSync(path.join(folder, 'ahead', `get-v1-${hash}`), at, at);
    }
    load(file, place, '4').keep(true);
    assert.deepEqual(kept('ahead'), ['get-v1-2', 'get-v1-3', 'get-v1-4']);
  });

  test('is not used when it was damaged, and is stored again', () => {
    const place = { folder: path.join(folder, 'spoilt') };
    const file = built('spoilt', body('"whole"'));
    load(file, place).keep(true);
    const name = path.join(folder, 'spoilt', 'get-v1-one');
    const bytes = fs.readFileSync(name);
    for (const spoilt of [bytes.subarray(0, bytes.length / 2), bytes.with(100, bytes[100]! ^ 1), Buffer.alloc(0)]) {
      fs.writeFileSync(name, spoilt);
      const loaded = load(file, place);
      assert.deepEqual([answerOf(loaded), loaded.cached], ['whole', 'nothing']);
    }
    load(file, place).keep(true);
    assert.equal(load(file, place).cached, 'taken');
  });

  test('is not needed: where nothing can be stored the file runs anyway, and nothing is left behind', () => {
    const blocked = path.join(folder, 'blocked');
    fs.writeFileSync(blocked, 'no folder');
    const loaded = load(built('blocked', body('"anyway"')), { folder: blocked });
    loaded.keep(true);
    assert.equal(answerOf(loaded), 'anyway');
    assert.equal(fs.readFileSync(blocked, 'utf8'), 'no folder');
  });

  suite('is neither stored nor run where another user could have put it', () => {
    const evil = (place: string, change: (name: string) => void): string => {
      const file = built(place, body('1'));
      load(file, { folder: path.join(folder, place) }).keep(true);
      change(path.join(folder, place));
      const loaded = load(file, { folder: path.join(folder, place) });
      answerOf(loaded);
      return loaded.cached;
    };
    const only = (place: string): string => path.join(place, 'get-v1-one');

    test('and is taken as long as all of it is private', () => {
      assert.equal(
        evil('private', () => {}),
        'taken',
      );
    });

    test('in a folder that its group may write', () => {
      assert.equal(
        evil('group', (place) => fs.chmodSync(place, 0o770)),
        'nothing',
      );
    });

    test('below a folder that others may write', () => {
      const above = path.join(folder, 'open');
      fs.mkdirSync(above);
      load(built('below', body('1')), { folder: path.join(above, 'below') }).keep(true);
      fs.chmodSync(above, 0o777);
      assert.equal(load(built('below', body('1')), { folder: path.join(above, 'below') }).cached, 'nothing');
      // As in /tmp: others may add entries there, but not exchange this one.
      fs.chmodSync(above, 0o1777);
      assert.equal(load(built('below', body('1')), { folder: path.join(above, 'below') }).cached, 'taken');
    });

    test('through a link, or a file that has a second name or that others may write', () => {
      assert.equal(
        evil('link', (place) => {
          fs.renameSync(only(place), path.join(place, 'elsewhere'));
          fs.symlinkSync('elsewhere', only(place));
        }),
        'nothing',
      );
      assert.equal(
        evil('names', (place) => fs.linkSync(only(place), path.join(place, 'second'))),
        'nothing',
      );
      assert.equal(
        evil('mode', (place) => fs.chmodSync(only(place), 0o666)),
        'nothing',
      );
    });

    test('of a pipe, which nothing is ever written to', () => {
      assert.equal(
        evil('pipe', (place) => {
          const name = only(place);
          fs.rmSync(name);
          execFileSync('mkfifo', [name]);
        }),
        'nothing',
      );
    });

    test(
      'of another owner: as root with the home of a user',
      { skip: process.geteuid?.() === 0 ? false : NOT_ROOT },
      () => {
        assert.equal(
          evil('owner', (place) => fs.chownSync(only(place), 65534, 65534)),
          'nothing',
        );
        assert.equal(
          evil('home', (place) => fs.chownSync(place, 65534, 65534)),
          'nothing',
        );
      },
    );

    test('through a link to the folder that leads elsewhere later: its real path is taken', () => {
      const modules = { fs, path, crypto, zlib, vm };
      const [real, link] = [path.join(folder, 'real'), path.join(folder, 'to-real')];
      fs.mkdirSync(real, { mode: 0o700 });
      fs.symlinkSync(real, link);
      assert.equal(openCodeFolder(link, process.geteuid?.(), modules), fs.realpathSync(real));
    });

    test('in a folder that is given relative to the working directory', () => {
      const modules = { fs, path, crypto, zlib, vm };
      assert.equal(openCodeFolder('kept-here', process.geteuid?.(), modules), undefined);
      assert.ok(!fs.existsSync('kept-here'));
    });
  });
});

const NOT_ROOT = 'only root can give a file to another user';
