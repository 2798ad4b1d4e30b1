import { BuiltProgram, openBuiltFiles } from './built-program.ts';
import { openCodeFolder } from './code-cache.ts';

/** The names of the commands, put in by the build. */
declare const BUILT_COMMANDS: readonly string[];

/** Commands of kubectl, which all use the same code of ours. */
declare const BUILT_KUBECTL_COMMANDS: readonly string[];

/**
 * The command that the line probably has: behind flags, the first word that is one. Compiled code is stored for each; a
 * mistyped word gets none.
 */
export function typedCommand(): string | undefined {
  const [first = '', ...further] = process.argv.slice(2);
  const isCommand = (word: string): boolean => BUILT_COMMANDS.includes(word) || BUILT_KUBECTL_COMMANDS.includes(word);
  const typed = first.startsWith('-') ? further.find(isCommand) : first;
  if (typed === undefined || typed === '') return 'any';
  if (BUILT_KUBECTL_COMMANDS.includes(typed)) return 'kubectl';
  return BUILT_COMMANDS.includes(typed) ? typed : undefined;
}

/**
 * Opens the program's files. `codeFolder`: where what V8 has compiled is stored, if that is worth it, under the name of
 * `command`. `hash` identifies the files, and `require` finds the modules of Node.js.
 */
export function openProgram(
  command: string,
  codeFolder: string | undefined,
  hash: string,
  require: NodeJS.Require,
): BuiltProgram {
  const [fs, vm, path] = [
    process.getBuiltinModule('node:fs'),
    process.getBuiltinModule('node:vm'),
    process.getBuiltinModule('node:path'),
  ];
  const modules = {
    fs,
    vm,
    path,
    // Both take milliseconds to load. Without a folder for compiled code neither is used, and with one that is complete
    // only the first.
    get zlib() {
      return process.getBuiltinModule('node:zlib');
    },
    get crypto() {
      return process.getBuiltinModule('node:crypto');
    },
  };
  const uid = process.geteuid === undefined ? undefined : process.geteuid();
  const folder = codeFolder === undefined ? undefined : openCodeFolder(codeFolder, uid, modules);
  const place = { folder, uid, command, node: `${process.version}-${process.arch}` };
  return new BuiltProgram(openBuiltFiles(__dirname, modules), hash, place, require, modules);
}
