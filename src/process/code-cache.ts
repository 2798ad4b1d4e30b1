import type * as crypto from 'node:crypto';
import type * as fs from 'node:fs';
import type * as path from 'node:path';
import type * as vm from 'node:vm';

/** Built-in modules, given by whoever may ask the process for them. */
export interface CodeCacheModules {
  readonly fs: typeof fs;
  readonly vm: typeof vm;
  readonly path: typeof path;
  readonly crypto: typeof crypto;
}

/**
 * A file of the program, as it was built, of ASCII alone: an expression whose value is the function that CommonJS makes of
 * a module, `(function (exports, require, module, __filename, __dirname) {…})`.
 */
export interface BuiltFile {
  readonly path: string;
  /** Of its text. V8 itself looks only whether the length is the same. */
  readonly hash: string;
}

/** Where what V8 has compiled is kept, and for what: each command uses other functions. */
export interface CodeCachePlace {
  readonly folder: string;
  readonly command: string;
  /** Another Node.js compiles otherwise: `v26.10.0-x64`. */
  readonly node: string;
}

/** A file that was run, and how to keep what of it is compiled by then. */
export interface Loaded {
  readonly exports: unknown;
  /** For the next time, when nothing was kept yet. Never throws: it is only faster with it. */
  keep(): void;
}

/**
 * Runs a built file with what V8 had compiled of it when the same command was last run to its end. Node's own compile
 * cache holds what is compiled before the first statement is run: every function is then compiled anew, each time, when it
 * is called, which took a get a sixth of its time.
 *
 *     first   read, run |-compile-|-compile-| … end, keep
 *     later   read, with what was kept |-----| end
 */
export function loadBuilt(
  file: BuiltFile,
  place: CodeCachePlace,
  require: NodeJS.Require,
  modules: CodeCacheModules,
): Loaded {
  const { fs, vm, path } = modules;
  const kept = path.join(place.folder, `${place.command}-${place.node}-${file.hash}`);
  // Twice as fast as UTF-8, and the same where there is nothing but ASCII.
  const text = fs.readFileSync(file.path, 'latin1');
  const cachedData = readKept(kept, modules);
  const script = new vm.Script(text, {
    filename: file.path,
    ...(cachedData !== undefined && { cachedData }),
  });
  const module = { exports: {} };
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run(module.exports, require, module, file.path, path.dirname(file.path));
  return {
    exports: module.exports,
    keep() {
      if (cachedData === undefined || script.cachedDataRejected === true) keep(kept, script, place, modules);
    },
  };
}

/** V8 trusts what it is given: before it stands its SHA-256, so that what a disk has spoilt is not run. */
const DIGEST_BYTES = 32;

function readKept(path: string, { fs, crypto }: CodeCacheModules): Buffer | undefined {
  try {
    const bytes = fs.readFileSync(path);
    const data = bytes.subarray(DIGEST_BYTES);
    const digest = crypto.hash('sha256', data, 'buffer');
    return digest.equals(bytes.subarray(0, DIGEST_BYTES)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Of so many builds what they keep of a command stays: who has two of them may use both. */
const MOST_BUILDS = 3;

/** Written beside and renamed into place, so that it is whole; of more builds than that the oldest go. */
function keep(
  path: string,
  script: vm.Script,
  { folder, command, node }: CodeCachePlace,
  { fs, crypto, path: { join } }: CodeCacheModules,
): void {
  const part = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const data = script.createCachedData();
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(part, Buffer.concat([crypto.hash('sha256', data, 'buffer'), data]), {
      mode: 0o600,
      flag: 'wx',
    });
    fs.renameSync(part, path);
    const builds = fs
      .readdirSync(folder)
      .filter((name) => name.startsWith(`${command}-${node}-`) && !name.endsWith('.tmp'))
      .map((name) => ({ name, keptAt: fs.statSync(join(folder, name)).mtimeMs }))
      .sort((one, other) => other.keptAt - one.keptAt);
    for (const { name } of builds.slice(MOST_BUILDS)) fs.rmSync(join(folder, name));
  } catch {
    try {
      fs.rmSync(part, { force: true });
    } catch {
      // No folder, or none that can be written: as if there were no cache.
    }
  }
}
