import { UsageError } from '../errors.ts';
import { nearestName } from '../format/nearest-name.ts';
import type { Flag } from './flag.ts';
import { programName } from '../format/program-name.ts';

export interface PositionalWord {
  readonly kind: 'positional';
  readonly text: string;
  /** It stands behind `--`, and is what it is whatever it looks like. */
  readonly isLiteral: boolean;
}

export interface FlagWord {
  readonly kind: 'flag';
  readonly flag: Flag;
  readonly value: string;
  /** Which argument ends with the value. */
  readonly at: number;
}

/** A piece of the command line. Everything after `--` is positional. */
export type Word = PositionalWord | FlagWord;

/** The flags that a command line may have, of any command. */
export interface FlagTable {
  readonly byName: ReadonlyMap<string, Flag>;
  readonly byAlias: ReadonlyMap<string, Flag>;
  /** Flags of kubectl that this program does not have. */
  readonly foreign: ReadonlySet<string>;
  /** The command of the line, as far as it is known: only its flags are suggested. */
  readonly command?: { readonly verb: string; readonly flags: readonly Flag[] };
}

export function flagTable(flags: readonly Flag[], foreign: ReadonlySet<string>): FlagTable {
  return {
    byName: new Map(flags.map((flag) => [flag.name, flag])),
    byAlias: new Map(flags.flatMap((flag) => (flag.alias === undefined ? [] : [[flag.alias, flag] as const]))),
    foreign,
  };
}

/**
 * Splits flags as pflag does (https://pkg.go.dev/github.com/spf13/pflag), which yargs does not: `-ojson` is `-o json`,
 * `-Aojson` is `-A -o json`, and a value may begin with a dash. Throws a UsageError for unknown flags and missing
 * values.
 */
export function splitWords(argv: readonly string[], table: FlagTable): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at]!;
    if (argument === '--') {
      words.push(...argv.slice(at + 1).map((text): Word => ({ kind: 'positional', text, isLiteral: true })));
      break;
    }
    if (!isFlag(argument)) {
      words.push({ kind: 'positional', text: argument, isLiteral: false });
      continue;
    }
    const found = flagsAt(argv, at, table);
    words.push(...found);
    at = found.at(-1)?.at ?? at;
  }
  return words;
}

/** The flags at the beginning, and the index of the first other argument. Throws a UsageError, as splitWords. */
export function leadingFlags(
  argv: readonly string[],
  table: FlagTable,
): { readonly flags: readonly FlagWord[]; readonly end: number } {
  const flags: FlagWord[] = [];
  let at = 0;
  for (; at < argv.length && argv[at] !== '--' && isFlag(argv[at]!); at++) {
    const found = flagsAt(argv, at, table);
    flags.push(...found);
    at = found.at(-1)?.at ?? at;
  }
  return { flags, end: at };
}

const isFlag = (argument: string): boolean => argument.startsWith('-') && argument !== '-';

/** The flags of one argument, the last of which may have the next one as its value. */
function flagsAt(argv: readonly string[], at: number, table: FlagTable): FlagWord[] {
  const argument = argv[at]!;
  const given = argument.startsWith('--') ? [longFlag(argument, table)] : shortFlags(argument, table);
  return given.map(({ flag, value = implied(flag) }) => {
    if (value !== undefined) return { kind: 'flag', flag, value, at };
    const next = argv[at + 1];
    if (next === undefined) throw missingValue(flag, argument);
    return { kind: 'flag', flag, value: next, at: at + 1 };
  });
}

interface Given {
  readonly flag: Flag;
  readonly value?: string;
}

/** pflag's NoOptDefVal: the value of a flag that stands alone; undefined where the next argument is the value. */
export function implied(flag: Flag): string | undefined {
  return flag.type === 'boolean' ? 'true' : flag.implied;
}

function longFlag(argument: string, table: FlagTable): Given {
  const [, name = '', equals = '', value = ''] = /^--([^=]*)(=?)(.*)$/s.exec(argument) ?? [];
  if (name === '' || name.startsWith('-')) throw new UsageError('BadFlag', `bad flag syntax: --${name}${equals}`);
  const flag = table.byName.get(name);
  if (flag === undefined) throw unknownFlag(name, table);
  return equals === '' ? { flag } : { flag, value };
}

/** A group of letters: booleans, of which the last may be a flag with its value attached, with or without `=`. */
function shortFlags(argument: string, table: FlagTable): Given[] {
  const letters = argument.slice(1);
  const given: Given[] = [];
  for (let index = 0; index < letters.length; index++) {
    const flag = table.byAlias.get(letters[index]!);
    if (flag === undefined) throw unknownShorthand(letters, index, table);
    const rest = letters.slice(index + 1);
    // Nothing behind the sign is not an empty value: then the sign itself is the value, or one letter more.
    if (rest.startsWith('=') && rest.length > 1) return [...given, { flag, value: rest.slice(1) }];
    if (flag.type !== 'boolean' && rest !== '') return [...given, { flag, value: rest }];
    given.push({ flag });
  }
  return given;
}

/** A flag of other commands, `owners`, which this one does not have. */
export function flagOfOthers(name: string, verb: string, owners: readonly string[]): UsageError {
  return new UsageError('UnknownFlag', `unknown flag: --${name}`, {
    hint: hintAtOwners(name, owners, `${programName()} help ${verb} lists those of ${verb}`),
  });
}

/** Where a flag of other commands is known, and what to do instead. */
export const hintAtOwners = (name: string, owners: readonly string[], otherwise: string): string =>
  name === 'trace-output'
    ? 'this command prints its trace on standard output: redirect it with > FILE'
    : `--${name} is a flag of ${listOf(owners)}; ${otherwise}`;

/** `get`, `get and delete`, `get, create and apply` */
export const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** A flag that the program does not have. */
function unknownFlag(name: string, table: FlagTable): UsageError {
  const { byName, foreign, command } = table;
  const names = command?.flags.map((flag) => flag.name) ?? [...byName.keys()];
  const nearest = nearestName(name, names) ?? names.find((candidate) => candidate.startsWith(name));
  if (foreign.has(name)) {
    return new UsageError('UnknownFlag', `unknown flag: --${name}`, {
      hint: "it is one of kubectl's, which stand behind the command: before it, flags are those of kubectl trace",
    });
  }
  return new UsageError('UnknownFlag', `unknown flag: --${name}`, {
    hint: nearest === undefined ? whereFlagsAre(table) : `Did you mean "--${nearest}"?`,
  });
}

const whereFlagsAre = ({ command }: FlagTable): string =>
  command === undefined
    ? `${programName()} COMMAND --help lists the flags of a command`
    : `${programName()} ${command.verb} --help lists the flags of ${command.verb}`;

function unknownShorthand(letters: string, index: number, table: FlagTable): UsageError {
  // The text after the letter may be the value of a flag, and so a credential.
  const where = `-${letters[index]}${index + 1 < letters.length ? '…' : ''}`;
  return new UsageError('UnknownFlag', `unknown shorthand flag: '${letters[index]}' in ${where}`, {
    hint: whereFlagsAre(table),
  });
}

function missingValue(flag: Flag, argument: string): UsageError {
  const where = argument.startsWith('--') ? argument : `'${flag.alias}' in -${flag.alias}`;
  return new UsageError('MissingValue', `flag needs an argument: ${where}`, {
    hint: `--${flag.name} ${flag.placeholder}: ${flag.help}`,
  });
}
