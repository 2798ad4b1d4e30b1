import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  linkSync,
  realpathSync,
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
import { fileFor, inspect, textFor } from './shim.ts';

export type World = Pick<Runtime, 'env' | 'cwd' | 'platform' | 'uid' | 'startedAs'>;

/**
 * Writes the file that kubectl runs to complete a plugin, and says so. krew installs one program for each plugin, so that no
 * installation has it. Rejects with a TraceCommandError; then nothing was written.
 */
export async function install(plugin: string, world: World): Promise<string> {
  if (world.uid === undefined) throw onWindows();
  const program = programOnPath(plugin, world);
  const found = lookPath(fileFor(plugin), world);
  const path = 'path' in found ? found.path : join(chooseFolder(plugin, world), fileFor(plugin));
  const present = inspect(path, plugin);
  if (present.is === 'foreign') throw fileExists(path, present);
  const isUsable = present.is === 'packaged' || (present.is === 'written' && present.isUsable);
  if (!isUsable) writeAtOnce(path, plugin, present.is === 'written');
  return `${isUsable ? 'found' : 'wrote'} ${escapeText(path)}\n${noteOnOther(program, plugin, world)}${next()}`;
}

const next = (): string =>
  `next: press Tab behind "${programName()} "; kubectl's own completion has to be on (kubectl completion --help)\n`;

/** The program that kubectl runs, and the file to be written as well: neither knows a path to it. */
function programOnPath(plugin: string, { startedAs = plugin, cwd, ...world }: World): string {
  const found = lookPath(plugin, world);
  if ('path' in found) return found.path;
  const hint = /[/\\]/.test(startedAs)
    ? `put it on the PATH: export PATH="$PATH:"${shellWord(dirname(resolve(cwd, startedAs)))}`
    : 'put its folder on the PATH';
  const problem = `no ${plugin} is on the PATH: kubectl can neither run nor complete it`;
  throw new TraceCommandError(ExitCode.requestFailed, 'NotOnPath', problem, { hint });
}

function noteOnOther(program: string, plugin: string, { startedAs = plugin, cwd }: World): string {
  if (!/[/\\]/.test(startedAs)) return '';
  const own = resolve(cwd, startedAs);
  const isSame = own === program || (existsSync(own) && realpathSync(own) === realpathSync(program));
  return isSame
    ? ''
    : `note: the PATH leads to another file, which is the one that is completed: ${escapeText(program)}\n`;
}

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

const fileExists = (path: string, { problem, hint }: { readonly problem: string; readonly hint: string }) =>
  new TraceCommandError(ExitCode.requestFailed, 'FileExists', `${path} ${problem}`, { hint });

/** Complete for every reader at any time, and never over a file that has come in the meantime. */
function writeAtOnce(path: string, plugin: string, isOurs: boolean): void {
  const part = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(part, textFor(plugin), { mode: 0o755, flag: 'wx' });
    // Also where the umask takes it away.
    chmodSync(part, 0o755);
    if (isOurs) renameSync(part, path);
    else linkSync(part, path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw fileExists(path, { problem: 'was made in the meantime', hint: 'try again' });
    }
    throw new TraceCommandError(ExitCode.requestFailed, 'CannotWrite', `cannot write ${path}: ${code ?? message}`, {
      cause,
    });
  } finally {
    rmSync(part, { force: true });
  }
}

export const onWindows = (): UsageError =>
  new UsageError(
    'NotAvailable',
    'kubectl on Windows runs only an .exe file to complete a plugin, and none is made yet',
    {
      hint: `PowerShell completes kubectl-trace.exe: ${programName()} completion powershell | Out-String | Invoke-Expression`,
    },
  );
