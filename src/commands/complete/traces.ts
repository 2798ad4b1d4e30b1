import { readSync } from 'node:fs';
import { withOwnFile, type UID } from '../../files.ts';
import { ageText } from '../../format/age.ts';
import { shellWord } from '../../format/shell-command.ts';
import { storedCommands, type StoredCommand } from '../../tracing/stored-commands.ts';
import { Directive, type Choice, type Completion } from './completion.ts';
import type { CompletionWorld } from './world.ts';

/** The last commands of the history, as a screen holds them. */
const MAX_LISTED = 20;
/** Digits of a trace ID, as `history` lists it. */
const SHORT_ID = 8;
/** The beginning of a document, in which its command line stands unless that is very long. */
const HEAD_BYTES = 4096;

/** Stored commands: `last`, `^1` where that was begun, and the first digits of their trace IDs, the newest first. */
export function storedTraces(typed: string, world: CompletionWorld): Completion {
  const stored = storedCommands(world).slice(0, MAX_LISTED);
  const texts = stored.map((command) => describe(command, world));
  const choices = (names: readonly string[]): Choice[] => names.map((value, at) => ({ value, text: texts[at] }));
  const back = choices(stored.map((_, index) => (index === 0 ? 'last' : `^${index}`)));
  const ids = choices(stored.map(({ traceID }) => shortID(traceID, typed, stored)));
  const offered = typed.startsWith('^') ? back : [...back.slice(0, 1), ...ids];
  return {
    choices: offered.filter(({ value }) => value.startsWith(typed)),
    directive: Directive.noFiles | Directive.keepOrder,
  };
}

/** As many digits as distinguish it, and at least one more than were typed. */
function shortID(id: string, typed: string, stored: readonly StoredCommand[]): string {
  for (let length = Math.max(SHORT_ID, typed.length); length < id.length; length++) {
    const short = id.slice(0, length);
    if (stored.filter(({ traceID }) => traceID.startsWith(short)).length === 1) return short;
  }
  return id;
}

/** `get nodes, 5m ago`, and `cannot be read, 5m ago` of a damaged file */
function describe({ path }: StoredCommand, { now, uid }: CompletionWorld): string {
  const [, digits = '0'] = /(\d{20})-[0-9a-f]{32}\.json$/.exec(path) ?? [];
  const seconds = Number((now - BigInt(digits)) / 1_000_000_000n);
  return `${argsOf(headOf(path, uid))?.map(shellWord).join(' ') ?? 'cannot be read'}, ${ageText(seconds)} ago`;
}

const ARGS = /"args":\[((?:"(?:\\.|[^"\\])*",?)*)/;

/** As many of the arguments as are in the beginning of the document; undefined where they cannot be read. */
function argsOf(head: string): readonly string[] | undefined {
  const [, args] = ARGS.exec(head) ?? [];
  try {
    return args === undefined
      ? undefined
      : [...args.matchAll(/"(?:\\.|[^"\\])*"/g)].map(([text]) => JSON.parse(text) as string);
  } catch {
    return undefined;
  }
}

/** Reading all of fifty documents would take longer than a key press may. */
function headOf(path: string, uid: UID): string {
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    return withOwnFile(path, uid, (descriptor) => bytes.toString('utf8', 0, readSync(descriptor, bytes)));
  } catch {
    return '';
  }
}
