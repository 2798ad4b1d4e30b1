import type { Flag } from './flag.ts';
import { implied, type FlagWord } from './split.ts';

/** A command line of kubectl in which some flags are not kubectl's. */
export interface KubectlLine {
  /** The flags that were taken out, in order. `at` is where the value stood. */
  readonly taken: readonly FlagWord[];
  /** All other arguments, as they were typed. */
  readonly args: readonly string[];
}

/** Which flags are taken out, and as much of kubectl's flags as is needed to find them. */
export interface LineRules {
  readonly take: readonly Flag[];
  /** Names of kubectl's flags with a value, which may look like a flag. */
  readonly valued: ReadonlySet<string>;
  /**
   * Letters of kubectl's flags with a value. Undefined where the command's flags are not known: then only the first
   * letter of an argument can be one of `take`.
   */
  readonly valuedLetters?: string;
}

/** Takes flags out of the arguments of kubectl. What stands behind `--` is not looked at. Never throws. */
export function takeFlags(argv: readonly string[], rules: LineRules): KubectlLine {
  const taken: FlagWord[] = [];
  const args: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at]!;
    if (argument === '--') {
      args.push(...argv.slice(at));
      break;
    }
    const { kept, flag, value, wantsNext } = split(argument, rules);
    const next = wantsNext ? argv[at + 1] : undefined;
    if (wantsNext && next === undefined) {
      // kubectl says that the value is missing.
      args.push(argument);
      continue;
    }
    if (kept !== undefined) args.push(kept);
    if (wantsNext) at++;
    if (flag !== undefined) taken.push({ kind: 'flag', flag, value: value ?? next ?? '', at });
    else if (next !== undefined) args.push(next);
  }
  return { taken, args };
}

/** One argument: what of it is kubectl's, and which flag of `take` it ends with. */
interface Split {
  readonly kept?: string;
  readonly flag?: Flag;
  readonly value?: string | undefined;
  /** The next argument is the value. */
  readonly wantsNext: boolean;
}

function split(argument: string, rules: LineRules): Split {
  if (!argument.startsWith('-') || argument === '-') return { kept: argument, wantsNext: false };
  return argument.startsWith('--') ? splitLong(argument, rules) : splitLetters(argument, rules);
}

function splitLong(argument: string, { take, valued }: LineRules): Split {
  const [, name = '', equals = '', text = ''] = /^--([^=]*)(=?)(.*)$/s.exec(argument) ?? [];
  const flag = take.find((candidate) => candidate.name === name);
  if (flag === undefined) return { kept: argument, wantsNext: equals === '' && valued.has(name) };
  const value = equals === '' ? implied(flag) : text;
  return { flag, value, wantsNext: value === undefined };
}

/** `-Ao=json` is `-A` and `-o json`; of `-Lo` all is kubectl's. */
function splitLetters(argument: string, { take, valuedLetters }: LineRules): Split {
  const letters = argument.slice(1);
  for (let index = 0; index < letters.length; index++) {
    const flag = take.find(({ alias }) => alias === letters[index]);
    const rest = letters.slice(index + 1);
    if (flag !== undefined) {
      const before = index === 0 ? {} : { kept: `-${letters.slice(0, index)}` };
      const attached = rest.startsWith('=') && rest.length > 1 ? rest.slice(1) : rest;
      const value = attached === '' ? implied(flag) : attached;
      return { ...before, flag, value, wantsNext: value === undefined };
    }
    if (valuedLetters === undefined) break;
    if (valuedLetters.includes(letters[index]!)) return { kept: argument, wantsNext: rest === '' };
  }
  return { kept: argument, wantsNext: false };
}
