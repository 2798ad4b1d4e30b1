import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sources of one Go module version, read as text. */
export interface GoSource {
  /** Go files below a folder, tests and test doubles left out. */
  files(folder: string): readonly GoFile[];
}

export interface GoFile {
  /** From the module's root: `pkg/kubelet/kubelet.go`. */
  readonly path: string;
  readonly text: string;
}

/** Downloads the module into Go's module cache if it is missing. Throws when there is no Go, or no such version. */
export function goModule(name: string, version: string): GoSource {
  const output = execFileSync('go', ['mod', 'download', '-json', `${name}@${version}`], {
    encoding: 'utf8',
    env: { ...process.env, GOFLAGS: '-mod=mod' },
  });
  const { Dir: root } = JSON.parse(output) as { Dir: string };
  return {
    files: (folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.go') && !isTest(entry.parentPath, entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted()
        .map((file) => ({ path: file.slice(root.length + 1), text: readFileSync(file, 'utf8') })),
  };
}

const isTest = (folder: string, name: string): boolean =>
  name.endsWith('_test.go') || name.startsWith('fake_') || folder.split('/').includes('testing');

/** String constants and `errors.New` variables of files, by package folder and name. */
export class Constants {
  readonly #values = new Map<string, string>();

  constructor(files: readonly GoFile[]) {
    for (const { path, text } of files) {
      for (const [, name = '', value = ''] of text.matchAll(
        /^[ \t]*(?:const |var )?(\w+)(?:[ \t]+[\w.]+)?[ \t]*=[ \t]*(?:errors\.New\()?"([^"\n]*)"\)?[ \t]*(?:\/\/.*)?$/gm,
      )) {
        this.#values.set(`${folderOf(path)}#${name}`, value);
      }
    }
  }

  /** The value of a literal, of a constant of this file's package, or of one that the file imports. */
  valueOf(expression: string, file: GoFile): string | undefined {
    const [, literal] = /^"([^"]*)"$/.exec(expression) ?? [];
    if (literal !== undefined) return literal;
    const [, qualifier, name = expression] = /^(\w+)\.(\w+)$/.exec(expression) ?? [];
    const folder = qualifier === undefined ? folderOf(file.path) : importedAs(qualifier, file);
    return folder === undefined ? undefined : this.#values.get(`${folder}#${name}`);
  }
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** The folder within k8s.io/kubernetes that a file imports under this name. */
function importedAs(name: string, { text }: GoFile): string | undefined {
  for (const [, alias, folder = ''] of text.matchAll(/^\s*(?:import )?(?:(\w+) )?"k8s\.io\/kubernetes\/([^"]+)"$/gm)) {
    if ((alias ?? folder.slice(folder.lastIndexOf('/') + 1)) === name) return folder;
  }
  return undefined;
}

/** 1-based line of an offset. */
export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
