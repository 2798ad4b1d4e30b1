import { storedName } from '../../cli/stored-command.ts';
import { ExitCode, UsageError } from '../../errors.ts';
import { shellWord } from '../../format/shell-command.ts';
import { escapeText, terminalText } from '../../render/escape.ts';
import { openDocument } from '../../render/data/document.ts';
import { chooseLook } from '../../render/look.ts';
import { drawWith } from '../../render/terminal/measured-screen.ts';
import { API_VERSION } from '../../report/json.ts';
import type { JSONObject } from '../../report/json-value.ts';
import type { Runtime } from '../../runtime.ts';
import { between } from '../../trace/time.ts';
import { forget, readStoredAs, storedBack, storedByID } from '../../tracing/history.ts';
import { storedCommands, type StoredCommand } from '../../tracing/stored-commands.ts';
import type { HistoryFilter, HistoryInvocation } from './arguments.ts';
import { entryJSON, entryOf, type HistoryEntry } from './entry.ts';
import { drawHistory, SHORT_ID } from './table.ts';
import { programName } from '../../format/program-name.ts';

/** `kubectl trace history`: lists the stored commands, or removes some. Sends nothing. */
export async function runHistory(invocation: HistoryInvocation, runtime: Runtime): Promise<ExitCode> {
  const { task } = invocation;
  if (task.kind === 'remove') return remove(task.commands, runtime);
  const print = await openList(invocation, runtime);
  const all = storedCommands(runtime);
  const listed = readEntries(all, runtime).filter(isListed(task.filter, runtime));
  runtime.out.write(await print(listed));
  // As kubectl says it: a list may be empty, and a script gets an empty one.
  if (listed.length === 0) {
    runtime.err.write(all.length === 0 ? 'No command has been stored yet.\n' : 'No stored command matches.\n');
  }
  return ExitCode.ok;
}

/** The error for a file of another version, or one that was damaged. */
function readEntry(command: StoredCommand, runtime: Runtime): HistoryEntry | Error {
  try {
    return readStoredAs(command, runtime, (document) => entryOf(command.traceID, document));
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}

/** An unreadable file is reported, and does not hide the others. */
function readEntries(commands: readonly StoredCommand[], runtime: Runtime): HistoryEntry[] {
  return commands.flatMap((command) => {
    const entry = readEntry(command, runtime);
    if (!(entry instanceof Error)) return [entry];
    const { message } = entry.cause instanceof Error ? entry.cause : entry;
    runtime.err.write(`note: ${escapeText(command.path)} is left out: ${escapeText(message)}\n`);
    return [];
  });
}

function isListed({ words, since, verdicts, failed }: HistoryFilter, { clock }: Runtime) {
  const now = clock.now();
  return ({ startTime, args, verdict, exitCode }: HistoryEntry): boolean =>
    (since === undefined || (startTime !== null && between(startTime, now) <= since)) &&
    (verdicts === undefined || verdicts.includes(verdict ?? '')) &&
    (!failed || exitCode !== 0) &&
    words.every((word) => args.join(' ').includes(word));
}

type PrintList = (entries: readonly HistoryEntry[]) => Promise<string>;

/** Throws UsageError for a template that cannot be understood. */
async function openList({ draw }: HistoryInvocation, runtime: Runtime): Promise<PrintList> {
  const { output, outputArgument } = draw;
  const look = chooseLook(draw, runtime);
  const write = await openDocument(output, outputArgument);
  if (write !== undefined) return async (entries) => terminalText(write(listJSON(entries)), runtime.outTerminal);
  if (output === 'name') return async (entries) => entries.map(({ traceID }) => `${traceID}\n`).join('');
  const about = { now: runtime.clock.now(), wide: output === 'wide' };
  return async (entries) =>
    entries.length === 0 ? '' : drawWith((measure) => drawHistory(entries, about, look, measure));
}

const listJSON = (entries: readonly HistoryEntry[]): JSONObject => ({
  apiVersion: API_VERSION,
  kind: 'CommandList',
  items: entries.map(entryJSON),
});

/** All names are looked up before the first command is removed. */
function remove(names: readonly string[] | undefined, runtime: Runtime): ExitCode {
  const found = names === undefined ? storedCommands(runtime) : names.map((name) => namedCommand(name, runtime));
  for (const command of new Map(found.map((one) => [one.path, one])).values()) {
    const entry = readEntry(command, runtime);
    forget(command);
    const [id, words] =
      entry instanceof Error
        ? [command.traceID, '']
        : [entry.traceID, `  ${escapeText(entry.args.map(shellWord).join(' '))}`];
    runtime.out.write(`removed ${id.slice(0, SHORT_ID)}${words}\n`);
  }
  return ExitCode.ok;
}

function namedCommand(name: string, runtime: Runtime): StoredCommand {
  const named = storedName(name);
  if (named !== undefined && 'back' in named) return storedBack(named.back, runtime);
  const found = named === undefined ? undefined : storedByID(named.prefix, runtime);
  if (found !== undefined) return found;
  const what = named === undefined ? 'name' : 'trace ID';
  throw new UsageError('NoSuchCommand', `no stored command has the ${what} "${name}"`, {
    hint: `${programName()} history lists the commands; the first digits of an ID, last or ^1 name one`,
  });
}
