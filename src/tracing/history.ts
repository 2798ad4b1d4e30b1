import { counted } from '../format/counted.ts';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, list, parseJSON } from '../codec/json.ts';
import { UsageError } from '../errors.ts';
import { programName, programPart } from '../format/program-name.ts';
import { shell } from '../format/shell-command.ts';
import { systemErrorText } from '../format/system-error.ts';
import { readOwnFile, replaceFile } from '../files.ts';
import { escapeText } from '../render/escape.ts';
import { toJSON } from '../report/json.ts';
import type { JSONObject } from '../report/json-value.ts';
import type { Report } from '../report/report.ts';
import type { Runtime } from '../runtime.ts';
import type { FolderSources } from '../user-folders.ts';
import { filesIn, historyFolder, newestFirst, storedCommands, type StoredCommand } from './stored-commands.ts';

type HistoryPlace = FolderSources & Pick<Runtime, 'uid'>;

/** The newest commands are stored, up to this count and this size. */
const MAX_FILES = 50;
const MAX_BYTES = 64 * 1024 * 1024;

/** Where a command is stored, and where a note about it goes. */
type NotingPlace = HistoryPlace & Pick<Runtime, 'err' | 'errTerminal'>;

/**
 * Stores a command as the document that `-o json` prints, without bodies; a command that was stored before is replaced.
 * False when it could not be stored, which does not fail the command. On a terminal a note says why, because `show last`
 * shows another command then; a pod with a read-only file system and a CI job have no use for it.
 */
export async function remember(report: Report, place: NotingPlace): Promise<boolean> {
  return rememberDocument(toJSON(report), report.command, place);
}

/** The same for a document of any kind; `traceID` distinguishes commands that began at the same time. */
export async function rememberDocument(
  document: JSONObject,
  { traceID, startTime }: Pick<Report['command'], 'traceID' | 'startTime'>,
  place: NotingPlace,
): Promise<boolean> {
  if (traceID === null || startTime === null) return false;
  const notStored = (why: string): false => {
    if (place.errTerminal.isTTY) {
      place.err.write(`note: not stored in the history: ${escapeText(why)}; --no-history leaves this note out\n`);
    }
    return false;
  };
  const text = JSON.stringify(withoutBodies(document));
  if (Buffer.byteLength(text) > MAX_BYTES) return notStored('it is larger than 64 MiB');
  const folder = historyFolder(place);
  const name = `${String(startTime).padStart(20, '0')}-${traceID}.json`;
  try {
    await replaceFile(join(folder, name), text, { uid: place.uid });
  } catch (error) {
    return notStored(`cannot write ${folder}: ${systemErrorText(error as Error)}`);
  }
  try {
    prune(folder);
  } catch {
    // Another command removes files, too.
  }
  return true;
}

/** The server's response may hold secrets, and is not needed to find a trace. */
function withoutBodies(document: JSONObject): object {
  const { requests } = document;
  if (!Array.isArray(requests)) return document;
  return { ...document, requests: requests.map((request: object) => ({ ...request, body: null })) };
}

/** Files left by a killed process are removed as well, once no process can be writing them any more. */
const LEFT_BEHIND_MILLIS = 3_600_000;

/** Synchronous: reading the sizes of fifty files takes less time than fifty promises. */
function prune(folder: string): void {
  const files = filesIn(folder);
  let bytes = 0;
  for (const [index, name] of newestFirst(files).entries()) {
    const path = join(folder, name);
    bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (index >= MAX_FILES || bytes > MAX_BYTES) rmSync(path, { force: true });
  }
  for (const name of files.filter((file) => file.endsWith('.tmp'))) {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    const now = statSync(folder).mtimeMs;
    if (found !== undefined && now - found.mtimeMs > LEFT_BEHIND_MILLIS) rmSync(path, { force: true });
  }
}

/** The text of a stored document. Throws UsageError. */
export function readStored(command: StoredCommand, { uid }: Pick<Runtime, 'uid'>): string {
  try {
    return readOwnFile(command.path, uid).toString();
  } catch (cause) {
    throw unreadable(command, systemErrorText(cause as Error), cause);
  }
}

/** A stored document, as `read` reads it. Throws UsageError, which names the file, where it was damaged. */
export function readStoredAs<Content>(
  command: StoredCommand,
  runtime: Pick<Runtime, 'uid'>,
  read: (document: unknown) => Content,
): Content {
  const text = readStored(command, runtime);
  try {
    return read(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw unreadable(command, 'it is not JSON, or only the beginning of it', cause);
    if (cause instanceof UsageError) throw unreadable(command, cause.message, cause);
    throw cause;
  }
}

const unreadable = ({ path, traceID }: StoredCommand, why: string, cause: unknown): UsageError =>
  new UsageError('UnreadableHistory', `cannot read the stored command ${path}: ${why}`, {
    cause,
    hint: `${programName()} history lists the others; ${shell`${programPart()} history --remove ${traceID}`} removes it`,
  });

/** The stored command that is `back` commands before the last one. Throws UsageError without one. */
export function storedBack(back: number, runtime: HistoryPlace): StoredCommand {
  const stored = storedCommands(runtime);
  const found = stored[back];
  if (found !== undefined) return found;
  const obstacle = stored.length === 0 ? unreadableFolder(historyFolder(runtime)) : undefined;
  if (obstacle !== undefined) throw obstacle;
  const count = counted(stored.length, 'command has', 'commands have');
  const message = stored.length === 0 ? 'no command has been stored yet' : `only ${count} been stored`;
  throw new UsageError('NoHistory', message, {
    hint: `they are stored in ${historyFolder(runtime)}, unless --no-history or KUBECTL_TRACE_NO_HISTORY is given`,
  });
}

/** Undefined for a folder that can be read, and for a missing one. */
function unreadableFolder(folder: string): UsageError | undefined {
  try {
    readdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return new UsageError(
      'UnreadableHistory',
      `cannot read the history ${folder}: ${systemErrorText(cause as Error)}`,
      {
        cause,
        hint: 'this user must be able to read the folder and write to it, or set XDG_STATE_HOME to another folder',
      },
    );
  }
  return undefined;
}

/**
 * The stored command with a trace ID that begins with `prefix` (hexadecimal digits, lower case): its own, or one that a server
 * started for it. Undefined without one. Of several commands in one trace, the newest. Throws UsageError where several
 * IDs begin so.
 */
export function storedByID(prefix: string, runtime: HistoryPlace): StoredCommand | undefined {
  const byID = new Map<string, StoredCommand>();
  for (const command of storedCommands(runtime)) {
    for (const id of traceIDsOf(command, prefix, runtime)) {
      if (!byID.has(id)) byID.set(id, command);
    }
  }
  const found = new Set(byID.values());
  if (found.size > 1) {
    const ids = [...byID.keys()].slice(0, MAX_NAMED);
    throw new UsageError('AmbiguousTraceID', `${byID.size} trace IDs of the history begin with "${prefix}"`, {
      hint: `give more digits: ${ids.map((id) => id.slice(0, Math.max(8, prefix.length + 4))).join(', ')}`,
    });
  }
  return [...found][0];
}

const MAX_NAMED = 5;

function traceIDsOf(command: StoredCommand, prefix: string, runtime: Pick<Runtime, 'uid'>): readonly string[] {
  if (command.traceID.startsWith(prefix)) return [command.traceID];
  const text = readStored(command, runtime);
  // Most documents have it nowhere, and need not be parsed.
  if (!text.includes(`"traceID":"${prefix}`)) return [];
  // A damaged document does not hide the others.
  const document = parseJSON(text);
  const own = list(isObject(document) ? document['requests'] : undefined).flatMap((request) => {
    const lookup = isObject(request) ? request['lookup'] : undefined;
    return isObject(lookup) && typeof lookup['traceID'] === 'string' ? [lookup['traceID']] : [];
  });
  return [...new Set(own)].filter((id) => id.startsWith(prefix));
}

/** Removes the file of a stored command; a missing one counts as removed. Throws the error of Node.js. */
export const forget = ({ path }: StoredCommand): void => rmSync(path, { force: true });
