import type * as crypto from 'node:crypto';
import type * as fs from 'node:fs';
import type * as path from 'node:path';
import type * as vm from 'node:vm';
import type * as zlib from 'node:zlib';
import { makeFolders } from '../folders.ts';
import { privateFolder, readPrivateFile } from './private-path.ts';

/** Built-in modules, handed in by the code that may load them. */
export interface CodeCacheModules {
  readonly fs: typeof fs;
  readonly vm: typeof vm;
  readonly path: typeof path;
  readonly zlib: typeof zlib;
  readonly crypto: typeof crypto;
}

/**
 * A file of the program, as it was built, of ASCII alone: an expression whose value is the function that CommonJS makes of
 * a module, `(function (exports, require, module, __filename, __dirname) {…})`.
 */
export interface BuiltFile {
  /** Where it is, or would be: what stack traces name. */
  readonly path: string;
  readonly text: string;
  /** Identifies its text. V8 itself compares only the length. */
  readonly hash: string;
}

/** Where what V8 has compiled is stored, and for what: each command uses other functions. */
export interface CodeCachePlace {
  /** Undefined: there is no cache. Its files are run as code: see `openCodeFolder`. */
  readonly folder: string | undefined;
  /** This user; undefined where the system has no user IDs. */
  readonly uid: number | undefined;
  /** The command, or the package that a file is. */
  readonly command: string;
  /** Another Node.js compiles otherwise: `v26.10.0-x64`. */
  readonly node: string;
}

/** A file that was run, and how to keep what of it is compiled by then. */
export interface Loaded {
  readonly exports: unknown;
  /** For the next time. `isWhole`: the command came to its end. Never throws: it is only faster with it. */
  keep(isWhole: boolean): void;
}

/**
 * The compiled code of this many complete runs of a command is stored together: each may have used other parts of it.
 */
const MAX_RUNS = 3;

/**
 * The folder of compiled code, made if need be. Undefined where another user could write to it or to a folder above, and
 * where it cannot be made.
 */
export function openCodeFolder(folder: string, uid: number | undefined, modules: CodeCacheModules): string | undefined {
  if (!modules.path.isAbsolute(folder)) return undefined;
  try {
    makeFolders(folder, 0o700, modules, uid);
  } catch {
    return undefined;
  }
  return privateFolder(folder, uid, modules);
}

/**
 * Runs a built file with what V8 had compiled of it in the first runs of the same command. Node's own compile cache holds
 * what is compiled before the first statement is run: every function is then compiled again in each run when it is
 * called, which took a sixth of the time of a get.
 *
 *     first   read, run |-compile-|-compile-| … end, store
 *     later   read, with the stored code |-----| end
 */
export function loadBuilt(
  file: BuiltFile,
  place: CodeCachePlace,
  require: NodeJS.Require,
  modules: CodeCacheModules,
): Loaded {
  const { vm, path } = modules;
  const name = path.join(place.folder ?? '', `${place.command}-${place.node}-${file.hash}`);
  const kept = place.folder === undefined ? undefined : readKept(name, place.uid, modules);
  const script = new vm.Script(file.text, {
    filename: file.path,
    ...(kept !== undefined && { cachedData: kept.data }),
  });
  const module = { exports: {} };
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run(module.exports, require, module, file.path, path.dirname(file.path));
  return {
    exports: module.exports,
    keep(isWhole) {
      const runs = kept === undefined || script.cachedDataRejected === true ? undefined : kept.runs;
      // The code of a failed run is used only when there is no other.
      if (place.folder !== undefined && (runs === undefined || (isWhole && runs < MAX_RUNS))) {
        keep(name, script, (runs ?? 0) + (isWhole ? 1 : 0), { ...place, folder: place.folder }, modules);
      }
    },
  };
}

/**
 * How many runs made it, and its CRC-32: V8 trusts what it is given, and what a disk has spoilt is not run. A checksum keeps
 * no one from writing other code, as a hash beside it would not: the checks of the file's owner do. It is taken of each run,
 * and node:crypto takes 6 ms more to load than node:zlib.
 */
const HEAD_BYTES = 1 + 4;

interface Kept {
  readonly data: Buffer;
  readonly runs: number;
}

function readKept(name: string, uid: number | undefined, modules: CodeCacheModules): Kept | undefined {
  try {
    const bytes = readPrivateFile(name, uid, modules);
    if (bytes === undefined) return undefined;
    const data = bytes.subarray(HEAD_BYTES);
    // A shorter file ends in the head: reading it throws.
    return modules.zlib.crc32(data) === bytes.readUInt32LE(1) ? { data, runs: bytes[0] as number } : undefined;
  } catch {
    return undefined;
  }
}

/** Written beside and renamed into place, so that it is complete. */
function keep(
  name: string,
  script: vm.Script,
  runs: number,
  { folder, command }: { readonly folder: string; readonly command: string },
  { fs, crypto, zlib, path: { join } }: CodeCacheModules,
): void {
  const part = `${name}.${crypto.randomUUID()}.tmp`;
  try {
    const file = fs.openSync(part, 'wx', 0o600);
    try {
      // Only now that there is a place for it: it takes as long as a tenth of the command.
      const data = script.createCachedData();
      const head = Buffer.alloc(HEAD_BYTES);
      head.writeUInt8(runs, 0);
      head.writeUInt32LE(zlib.crc32(data), 1);
      fs.writeFileSync(file, Buffer.concat([head, data]));
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(part, name);
    prune(name, folder, command, { fs, join });
  } catch {
    try {
      fs.rmSync(part, { force: true });
    } catch {
      // No folder, or none that can be written: as if there were no cache.
    }
  }
}

/** The stored code of this many builds and versions of Node.js remains: a user may have two of them. */
const MAX_BUILDS = 3;
/** By then no process is still writing it. */
const LEFT_BEHIND_MILLIS = 3_600_000;

/** `own` was stored just now, and remains whatever the time of the others: their clock may have run ahead. */
function prune(
  own: string,
  folder: string,
  command: string,
  { fs, join }: { fs: CodeCacheModules['fs']; join: typeof path.join },
): void {
  const files = fs
    .readdirSync(folder)
    .filter((name) => name.startsWith(`${command}-`))
    .map((name) => ({ path: join(folder, name), keptAt: fs.statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.keptAt - one.keptAt);
  const [newest] = files;
  const isPart = ({ path }: { readonly path: string }): boolean => path.endsWith('.tmp');
  const old = files.filter((one) => isPart(one) && (newest?.keptAt ?? 0) - one.keptAt > LEFT_BEHIND_MILLIS);
  for (const { path } of [...files.filter((one) => !isPart(one) && one.path !== own).slice(MAX_BUILDS - 1), ...old])
    fs.rmSync(path);
}
