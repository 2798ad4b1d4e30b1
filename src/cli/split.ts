import { UsageError } from '../errors.ts';
import { nearestName } from '../format/nearest-name.ts';
import type { Flag } from './flag.ts';
import { isForeignFlag } from '../commands/foreign-command.ts';
import { FLAGS } from '../commands/flags.ts';

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

const BY_NAME: ReadonlyMap<string, Flag> = new Map(FLAGS.map((flag) => [flag.name, flag]));
const BY_ALIAS: ReadonlyMap<string, Flag> = new Map(
  FLAGS.flatMap((flag) => (flag.alias === undefined ? [] : [[flag.alias, flag] as const])),
);

/**
 * Takes flags apart as pflag does (https://pkg.go.dev/github.com/spf13/pflag), which yargs does not: `-ojson` is
 * `-o json`, `-Aojson` is `-A -o json`, and a value may begin with a dash. Throws a UsageError for unknown flags and
 * missing values.
 */
export function splitWords(argv: readonly string[]): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at]!;
    if (argument === '--') {
      words.push(...argv.slice(at + 1).map((text): Word => ({ kind: 'positional', text, isLiteral: true })));
      break;
    }
    if (!argument.startsWith('-') || argument === '-') {
      words.push({ kind: 'positional', text: argument, isLiteral: false });
      continue;
    }
    const given = argument.startsWith('--') ? [longFlag(argument)] : shortFlags(argument);
    for (const { flag, value = implied(flag) } of given) {
      if (value !== undefined) words.push({ kind: 'flag', flag, value, at });
      else if (++at < argv.length) words.push({ kind: 'flag', flag, value: argv[at]!, at });
      else throw missingValue(flag, argument);
    }
  }
  return words;
}

interface Given {
  readonly flag: Flag;
  readonly value?: string;
}

/** pflag's NoOptDefVal: the value of a flag that stands alone; undefined where the next argument is the value. */
function implied(flag: Flag): string | undefined {
  return flag.type === 'boolean' ? 'true' : flag.implied;
}

function longFlag(argument: string): Given {
  const [, name = '', equals = '', value = ''] = /^--([^=]*)(=?)(.*)$/s.exec(argument) ?? [];
  if (name === '' || name.startsWith('-')) throw new UsageError('BadFlag', `bad flag syntax: --${name}${equals}`);
  const flag = BY_NAME.get(name);
  if (flag === undefined) throw unknownFlag(name);
  return equals === '' ? { flag } : { flag, value };
}

/** A group of letters: booleans, of which the last may be a flag with its value attached, with or without `=`. */
function shortFlags(argument: string): Given[] {
  const letters = argument.slice(1);
  const given: Given[] = [];
  for (let index = 0; index < letters.length; index++) {
    const flag = BY_ALIAS.get(letters[index]!);
    if (flag === undefined) throw unknownShorthand(letters, index);
    const rest = letters.slice(index + 1);
    // Nothing behind the sign is not an empty value: then the sign itself is the value, or one letter more.
    if (rest.startsWith('=') && rest.length > 1) return [...given, { flag, value: rest.slice(1) }];
    if (flag.type !== 'boolean' && rest !== '') return [...given, { flag, value: rest }];
    given.push({ flag });
  }
  return given;
}

/** A flag of other commands, which this one does not have. */
export function flagOfOthers(name: string, verb: string): UsageError {
  const follows = verb === 'pod' && name === 'watch' ? '; --follow follows it' : '';
  return new UsageError('UnknownFlag', `unknown flag: --${name}`, {
    hint: `--${name} is not a flag of ${verb}${follows}; kubectl trace help ${verb} lists them`,
  });
}

/** A flag that the program does not have. */
function unknownFlag(name: string): UsageError {
  const names = FLAGS.map((flag) => flag.name);
  const nearest = nearestName(name, names) ?? names.find((candidate) => candidate.startsWith(name));
  if (isForeignFlag(name)) {
    return new UsageError('UnknownFlag', `unknown flag: --${name}`, {
      hint: "it is one of kubectl's: kubectl trace run -- kubectl … traces any command of kubectl",
    });
  }
  return new UsageError('UnknownFlag', `unknown flag: --${name}`, {
    hint: nearest === undefined ? 'kubectl trace --help lists the flags' : `Did you mean "--${nearest}"?`,
  });
}

function unknownShorthand(letters: string, index: number): UsageError {
  // What follows the letter may be the value of a flag, and so a credential.
  const where = `-${letters[index]}${index + 1 < letters.length ? '…' : ''}`;
  return new UsageError('UnknownFlag', `unknown shorthand flag: '${letters[index]}' in ${where}`, {
    hint: 'kubectl trace --help lists the flags',
  });
}

function missingValue(flag: Flag, argument: string): UsageError {
  const where = argument.startsWith('--') ? argument : `'${flag.alias}' in -${flag.alias}`;
  return new UsageError('MissingValue', `flag needs an argument: ${where}`, {
    hint: `--${flag.name} ${flag.placeholder}: ${flag.help}`,
  });
}
