import { UsageError } from '../errors.ts';
import type { Environment } from '../runtime.ts';
import type { Nanos } from '../trace/time.ts';
import { parseDuration, parseTimeout } from './duration.ts';
import { environmentName, type Flag } from './flag.ts';
import { parseInteger } from './integer.ts';
import type { FlagWord } from './split.ts';

/** Where a value was written, for messages: `"-o, --output" flag`, `KUBECTL_TRACE_OUTPUT`. */
interface Setting {
  readonly flag: Flag;
  readonly text: string;
  readonly where: string;
}

/** A terminal narrower than this cannot hold a tree. */
const MIN_COLUMNS = 40;
const MAX_COLUMNS = 10_000;

/** The values of all flags: from the command line, else the environment, else the default. */
export class FlagValues {
  readonly #flags: readonly Flag[];
  readonly #given: ReadonlyMap<string, readonly string[]>;
  readonly #env: Environment;

  /** `given` has every value of each flag on the command line, in order, by the flag's name. */
  constructor(flags: readonly Flag[], given: ReadonlyMap<string, readonly string[]>, env: Environment) {
    this.#flags = flags;
    this.#given = given;
    this.#env = env;
  }

  /** These values with further ones behind them. */
  with(flags: readonly FlagWord[]): FlagValues {
    const given = new Map(this.#given);
    for (const { flag, value } of flags) given.set(flag.name, [...(given.get(flag.name) ?? []), value]);
    return new FlagValues(this.#flags, given, this.#env);
  }

  /** Whether the flag is on the command line. */
  isGiven(name: string): boolean {
    return this.#given.has(name);
  }

  /** Whether the command line or the environment says it. */
  isSet(name: string): boolean {
    const flag = this.#flags.find((candidate) => candidate.name === name);
    const variable = flag === undefined ? undefined : environmentName(flag);
    return this.isGiven(name) || (variable !== undefined && Boolean(this.#env[variable]));
  }

  string(name: string): string | undefined {
    return this.#setting(name)?.text;
  }

  /** As `string`, but an empty text counts as missing: then the environment says it, if that does. */
  filledString(name: string): string | undefined {
    return this.#setting(name, true)?.text || undefined;
  }

  strings(name: string): readonly string[] | undefined {
    return this.#given.get(name);
  }

  choice<Choice extends string>(name: string): Choice {
    const { flag, text, where } = this.#required(name);
    if (flag.choices?.includes(text)) return text as Choice;
    throw invalid(text, where, `must be ${alternatives(flag)}`);
  }

  /** As `choice`; undefined when it is not set. */
  optionalChoice<Choice extends string>(name: string): Choice | undefined {
    return this.#setting(name) === undefined ? undefined : this.choice<Choice>(name);
  }

  /** A choice, and what was given with it behind a `=`. An argument is as necessary as it is refused elsewhere. */
  format<Choice extends string>(name: string): { readonly choice: Choice; readonly argument?: string } {
    const { flag, text, where } = this.#required(name);
    const [, choice = '', equals = '', argument = ''] = /^([^=]*)(=?)(.*)$/s.exec(text) ?? [];
    const known = flag.choices?.find((one) => one.split('=')[0] === choice);
    if (known === undefined || (equals !== '' && !known.includes('='))) {
      throw invalid(text, where, `must be ${alternatives(flag)}`);
    }
    if (!known.includes('=')) return { choice: choice as Choice };
    if (argument !== '') return { choice: choice as Choice, argument };
    throw invalid(text, where, 'a template is needed: jsonpath={.verdict}');
  }

  /** As Go's strconv.ParseBool reads it; undefined when it is not set. */
  boolean(name: string): boolean | undefined {
    const setting = this.#setting(name);
    if (setting === undefined) return undefined;
    if (/^(1|t|T|true|True|TRUE)$/.test(setting.text)) return true;
    if (/^(0|f|F|false|False|FALSE)$/.test(setting.text)) return false;
    throw invalid(setting.text, setting.where, 'must be true or false');
  }

  /** Zero or more. */
  duration(name: string): Nanos {
    const { flag, text, where } = this.#required(name);
    const value = flag.type === 'timeout' ? parseTimeout(text) : parseDuration(text);
    if (value !== undefined && value >= 0) return value;
    const expected = 'must be a duration such as 30s, 1m30s or 500ms, zero or more';
    throw invalid(text, where, name === 'wait' ? `${expected}; it is only about looking for the trace` : expected);
  }

  /** As `duration`; undefined when it is not set. */
  optionalDuration(name: string): Nanos | undefined {
    return this.#setting(name) === undefined ? undefined : this.duration(name);
  }

  columns(name: string): number | undefined {
    const setting = this.#setting(name);
    if (setting === undefined) return undefined;
    const value = /^\d{1,6}$/.test(setting.text) ? Number(setting.text) : NaN;
    if (value >= MIN_COLUMNS && value <= MAX_COLUMNS) return value;
    throw invalid(setting.text, setting.where, `must be a number of columns from ${MIN_COLUMNS} to ${MAX_COLUMNS}`);
  }

  /** A whole number, zero or more; undefined when it is not set. */
  count(name: string): number | undefined {
    const setting = this.#setting(name);
    if (setting === undefined) return undefined;
    if (/^\d{1,6}$/.test(setting.text)) return Number(setting.text);
    throw invalid(setting.text, setting.where, 'must be a whole number, zero or more');
  }

  /** As Go's strconv.ParseInt reads it with base 0, in 64 bits; undefined when it is not set. */
  integer(name: string): number | undefined {
    const setting = this.#setting(name);
    if (setting === undefined) return undefined;
    const value = parseInteger(setting.text);
    if (value !== undefined) return value;
    throw invalid(setting.text, setting.where, 'must be a whole number');
  }

  /** Names with commas between them; undefined when it is not set. */
  names(name: string): readonly string[] | undefined {
    const names = this.string(name)
      ?.split(',')
      .filter((one) => one !== '');
    return names?.length === 0 ? undefined : names;
  }

  #required(name: string): Setting {
    const setting = this.#setting(name);
    if (setting === undefined) throw new Error(`the flag --${name} has no default`);
    return setting;
  }

  /** An empty environment variable is as good as none. */
  #setting(name: string, emptyIsMissing = false): Setting | undefined {
    const flag = this.#flags.find((candidate) => candidate.name === name);
    if (flag === undefined) throw new Error(`there is no flag --${name}`);
    const where = `"${flag.alias === undefined ? '' : `-${flag.alias}, `}--${name}" flag`;
    const given = this.#given.get(name)?.at(-1);
    if (given !== undefined && !(emptyIsMissing && given === '')) return { flag, text: given, where };
    const variable = environmentName(flag);
    const fromEnvironment = variable === undefined ? undefined : this.#env[variable];
    if (variable !== undefined && fromEnvironment) return { flag, text: fromEnvironment, where: variable };
    return flag.default === undefined ? undefined : { flag, text: flag.default, where };
  }
}

/** `tree, json or yaml` */
const alternatives = ({ choices = [] }: Flag): string => choices.join(', ').replace(/, ([^,]*)$/, ' or $1');

function invalid(text: string, where: string, expected: string): UsageError {
  return new UsageError('InvalidValue', `invalid argument "${text}" for ${where}: ${expected}`);
}
