import type * as SingleExecutable from 'node:sea';
import { loadBuilt, type CodeCacheModules, type CodeCachePlace, type Loaded } from './code-cache.ts';

/** The program's files as the build made them: in the executable that this is, or beside this file. */
export interface BuiltFiles {
  /** The text of a file of ASCII alone, such as `run.js`. Throws what Node.js throws when it is missing. */
  read(name: string): string;
  /** The name in stack traces, absolute. */
  path(name: string): string;
}

/** Node's single executable applications have files as assets (nodejs.org/api/single-executable-applications.html). */
export function openBuiltFiles(folder: string, { fs, path }: Pick<CodeCacheModules, 'fs' | 'path'>): BuiltFiles {
  const inFolder = (name: string): string => path.join(folder, name);
  const sea = ownAssets();
  // Latin-1 is read twice as fast as UTF-8, and the same where there is nothing but ASCII.
  if (sea === undefined) return { read: (name) => fs.readFileSync(inFolder(name), 'latin1'), path: inFolder };
  return { read: (name) => Buffer.from(sea.getRawAsset(name)).toString('latin1'), path: inFolder };
}

/** Undefined where this program is not part of an executable. */
function ownAssets(): typeof SingleExecutable | undefined {
  const sea = process.getBuiltinModule('node:sea') as typeof SingleExecutable | undefined;
  return sea?.isSea() === true ? sea : undefined;
}

/** Whether this program and the Node.js that runs it are one executable. */
export const isExecutable = (): boolean => ownAssets() !== undefined;

/**
 * Runs the program's files. A file of a package, which few commands need, is run when it is first required; its compiled
 * code is stored under the package's name, since all commands use the same of it.
 */
export class BuiltProgram {
  readonly #loaded = new Map<string, Loaded>();
  readonly #files: BuiltFiles;
  readonly #hash: string;
  readonly #place: CodeCachePlace;
  readonly #require: NodeJS.Require;
  readonly #modules: CodeCacheModules;

  constructor(
    files: BuiltFiles,
    hash: string,
    place: CodeCachePlace,
    builtIn: NodeJS.Require,
    modules: CodeCacheModules,
  ) {
    this.#files = files;
    this.#hash = hash;
    this.#place = place;
    this.#modules = modules;
    const require = (id: string): unknown => {
      const [, name = '', kind] = /^\.\/(.+)\.(js|json)$/.exec(id) ?? [];
      if (kind === undefined) return builtIn(id);
      return kind === 'js' ? this.load(name, name) : JSON.parse(this.#files.read(`${name}.json`));
    };
    this.#require = Object.assign(require, builtIn);
  }

  /** Runs the file the first time, and returns its exports. */
  load(name: string, command = this.#place.command): unknown {
    const loaded = this.#loaded.get(name) ?? this.#run(`${name}.js`, command);
    this.#loaded.set(name, loaded);
    return loaded.exports;
  }

  #run(file: string, command: string): Loaded {
    const built = { path: this.#files.path(file), text: this.#files.read(file), hash: this.#hash };
    return loadBuilt(built, { ...this.#place, command }, this.#require, this.#modules);
  }

  /** Stores what is compiled by now for the next time. `isWhole`: the command came to its end. Never throws. */
  keep(isWhole: boolean): void {
    for (const loaded of this.#loaded.values()) loaded.keep(isWhole);
  }
}
