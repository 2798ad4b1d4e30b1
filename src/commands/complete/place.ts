import type { Flag } from '../../cli/flag.ts';
import { connectionBehind } from '../../cli/kubectl-connection.ts';
import { takeFlags, type KubectlLine } from '../../cli/kubectl-line.ts';
import { flagTable, leadingFlags, type FlagWord } from '../../cli/split.ts';
import { UsageError } from '../../errors.ts';
import { divideNative } from '../kubectl/arguments.ts';
import { isNativeVerb, kubectlFlags, type NativeVerb } from '../kubectl/flags.ts';
import { flagsOf, type CompletionData } from './data.ts';

/** Where the cursor is in a command line, and what stands before it. */
export interface Place {
  /** Undefined before the command. */
  readonly verb: string | undefined;
  /** Flags of this program, wherever they stand. */
  readonly flags: readonly FlagWord[];
  /** The words between the command and the cursor. */
  readonly rest: readonly string[];
  /** Those of them that kubectl gets, without flags of the connection and flags that only this program has. */
  readonly args: readonly string[];
  /** Those that are no flag of this program, and not the value of one. */
  readonly positionals: readonly string[];
  /** The flag whose value the cursor is in. */
  readonly valueOf: Flag | undefined;
  /** The word at the cursor, as far as it was typed; of `--flag=value` the value. */
  readonly typed: string;
  /** The whole of that word. */
  readonly word: string;
}

/** Where it is behind a command. */
export type PlaceInCommand = Place & { readonly verb: string };

/** The word at the cursor, while it is not known what it is. No argument can hold it. */
const CURSOR = '\0';

const isCursor = (word: string): boolean => word === CURSOR;

/** Undefined where a word before the command is not understood. */
export function placeOf(words: readonly string[], data: CompletionData): Place | undefined {
  const word = words.at(-1) ?? '';
  const line = [...words.slice(0, -1), CURSOR];
  const before = leading(line, data);
  if (before === undefined) return undefined;
  const { flags, end } = before;
  const verb = line[end];
  const isInCommand = verb !== undefined && !isCursor(verb);
  const rest = isInCommand ? line.slice(end + 1) : [];
  const { taken, args, positionals } = isInCommand ? divide(verb, rest, data) : NO_WORDS;
  const all = [...flags, ...taken];
  const place: Place = {
    verb: isInCommand ? verb : undefined,
    flags: all.filter(({ value }) => !isCursor(value)),
    rest: rest.filter((one) => !isCursor(one)),
    args: args.filter((one) => !isCursor(one)),
    positionals: positionals.filter((one) => !isCursor(one)),
    valueOf: all.find(({ value }) => isCursor(value))?.flag,
    typed: word,
    word,
  };
  return attached(place, isInCommand ? flagsOf(verb, data) : data.flags);
}

function leading(line: readonly string[], data: CompletionData): ReturnType<typeof leadingFlags> | undefined {
  try {
    return leadingFlags(line, flagTable(data.flags, new Set()));
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

interface Words extends KubectlLine {
  readonly positionals: readonly string[];
}

const NO_WORDS: Words = { taken: [], args: [], positionals: [] };

/** The words behind a command; what stands behind `--` is not looked at. */
function divide(verb: string, rest: readonly string[], data: CompletionData): Words {
  const own = flagsOf(verb, data);
  if (isNativeVerb(verb)) return divideBoth(verb, rest, own);
  const line = own.length > 0 ? takeFlags(rest, { take: own, valued: new Set() }) : connectionBehind(verb, rest);
  return { ...line, positionals: line.args };
}

/** kubectl gets the flags that both programs have; completed they are by this one. */
function divideBoth(verb: NativeVerb, rest: readonly string[], own: readonly Flag[]): Words {
  const { own: onlyOurs, args } = divideNative(verb, rest, own);
  const all = takeFlags(rest, { take: own, ...kubectlFlags(verb) });
  const at = new Set(onlyOurs.map((flag) => flag.at));
  const shared = all.taken.filter((flag) => !at.has(flag.at) && flag.flag.group !== 'connection');
  return { taken: [...onlyOurs, ...shared], args, positionals: all.args };
}

/** `--output=j` is the beginning of a value. */
function attached(place: Place, own: readonly Flag[]): Place {
  const [, name, typed = ''] = /^--([\w-]+)=(.*)$/s.exec(place.word) ?? [];
  const flag = name === undefined || place.args.includes('--') ? undefined : own.find((one) => one.name === name);
  return flag === undefined || place.valueOf !== undefined ? place : { ...place, valueOf: flag, typed };
}
