import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ExitCode, TraceCommandError, UsageError } from '../../errors.ts';
import { isOwnFolder } from '../../files.ts';
import { programName } from '../../format/program-name.ts';
import { shellWord } from '../../format/shell-command.ts';
import { lookPath } from '../../kube/connect/look-path.ts';
import { splitList } from '../../platform.ts';
import { escapeText } from '../../render/escape.ts';
import type { Runtime } from '../../runtime.ts';

type World = Pick<Runtime, 'env' | 'cwd' | 'platform' | 'uid' | 'startedAs'>;

/** By this line a file is known to be ours. */
const MARK = '# Completion of a kubectl plugin; written by its command completion --install, which may replace it.';

/** kubectl runs `kubectl_complete-trace` for the plugin `kubectl-trace` (kubectl pkg/cmd/plugin/plugin_completion.go). */
export const fileFor = (plugin: string): string => plugin.replace('-', '_complete-');

/** The plugin of that name which kubectl runs, wherever a new version puts it. */
export const textFor = (plugin: string): string => `#!/bin/sh\n${MARK}\nexec ${plugin} __complete "$@"\n`;

/**
 * Writes the file that kubectl runs to complete a plugin, and says so. krew installs one program for each plugin, so that no
 * installation has it. Rejects with a TraceCommandError; then nothing was written.
 */
export async function install(plugin: string, world: World): Promise<string> {
  if (world.uid === undefined) throw onWindows();
  const text = textFor(plugin);
  const found = lookPath(fileFor(plugin), world);
  const path = 'path' in found ? found.path : join(chooseFolder(plugin, world), fileFor(plugin));
  const old = oldText(path);
  if (old !== text) writeAtOnce(path, text, old !== undefined);
  return `${old === text ? 'found' : 'wrote'} ${escapeText(path)}\n${next()}`;
}

const next = (): string =>
  `next: press Tab behind "${programName()} "; kubectl's own completion has to be on (kubectl completion --help)\n`;

/** Beside the plugin, or else in the first folder of the PATH that no other user can change. */
function chooseFolder(plugin: string, world: World): string {
  const onPath = splitList(world.env['PATH'] ?? '', world.platform).filter((folder) => isAbsolute(folder));
  const beside = folderOf(plugin, world);
  const folders = beside !== undefined && onPath.includes(beside) ? [beside, ...onPath] : onPath;
  const folder = folders.find((candidate) => isWritable(candidate, world) && !isOnlyForPlugins(candidate));
  if (folder !== undefined) return folder;
  throw new TraceCommandError(ExitCode.requestFailed, 'NoFolder', 'no folder of the PATH can be written', {
    hint: `put a folder of your own on the PATH, such as ~/.local/bin, and try again; or as its administrator, beside ${beside === undefined ? plugin : shellWord(join(beside, plugin))}`,
  });
}

/** The folder that this program was started from, without following its own link: krew's store is not on the PATH. */
function folderOf(plugin: string, { startedAs = plugin, cwd, ...world }: World): string | undefined {
  if (/[/\\]/.test(startedAs)) return dirname(resolve(cwd, startedAs));
  const found = lookPath(startedAs, world);
  return 'path' in found ? dirname(found.path) : undefined;
}

/**
 * Whether a folder is krew's for its links, and krew was not installed as a plugin: with a file there and no plugin, after
 * the last one was removed, krew refuses every command ("krew home outdated", internal/receiptsmigration in krew 0.4).
 */
function isOnlyForPlugins(folder: string): boolean {
  const receipts = join(dirname(folder), 'receipts');
  return existsSync(receipts) && !existsSync(join(receipts, 'krew.yaml'));
}

function isWritable(folder: string, { uid }: World): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return isOwnFolder(folder, uid);
  } catch {
    return false;
  }
}

/** The text of an earlier installation; undefined where there is no file. Throws for a file of another program. */
function oldText(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const text = found.isFile() ? readFileSync(path, 'utf8') : '';
  if (text.split('\n')[1] === MARK) return text;
  throw foreign(path);
}

const foreign = (path: string): TraceCommandError =>
  new TraceCommandError(ExitCode.requestFailed, 'FileExists', `${path} exists, and another program wrote it`, {
    hint: `it completes this plugin now; to replace it, remove it first: rm ${shellWord(path)}`,
  });

/** Complete for every reader at any time, and never over a file that has come in the meantime. */
function writeAtOnce(path: string, text: string, isOurs: boolean): void {
  const part = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(part, text, { mode: 0o755, flag: 'wx' });
    if (isOurs) renameSync(part, path);
    else linkSync(part, path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw foreign(path);
    throw new TraceCommandError(ExitCode.requestFailed, 'CannotWrite', `cannot write ${path}: ${code ?? message}`, {
      cause,
    });
  } finally {
    rmSync(part, { force: true });
  }
}

const onWindows = (): UsageError =>
  new UsageError(
    'NotAvailable',
    'kubectl on Windows runs only an .exe file to complete a plugin, and none is made yet',
    {
      hint: `PowerShell completes kubectl-trace.exe: ${programName()} completion powershell | Out-String | Invoke-Expression`,
    },
  );
