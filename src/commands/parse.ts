import { UsageError } from '../errors.ts';
import type { Environment } from '../runtime.ts';
import type { Flag } from '../cli/flag.ts';
import { GROUPS_OF } from './flag-groups.ts';
import { FLAGS } from './flags.ts';
import { knownVerb, type Verb } from './verbs.ts';
import { collectValues } from '../cli/collect.ts';
import { connectionFlags } from '../cli/options/connection.ts';
import { lookupFlags } from '../cli/options/lookup.ts';
import { drawFlags } from '../cli/options/output.ts';
import { parseDelete } from './delete/arguments.ts';
import { foreignCommand } from './foreign-command.ts';
import { parseGet } from './get/arguments.ts';
import type { OwnArguments } from '../cli/arguments.ts';
import type { Invocation, RequestInvocation } from './invocation.ts';
import { parsePatch } from './patch/arguments.ts';
import { redactArguments } from '../cli/redact.ts';
import { parseServe } from './serve/arguments.ts';
import { parsePod } from './pod/arguments.ts';
import { parseShow } from './show/arguments.ts';
import { parseRaw } from './raw/arguments.ts';
import { parseRun } from './run/arguments.ts';
import { flagOfOthers, splitWords, type Word } from '../cli/split.ts';
import { FlagValues } from '../cli/values.ts';
import { withoutUndefined } from '../cli/without-undefined.ts';
import { parseApply, parseCreate, parseReplace } from './write/arguments.ts';

/** Understands the command line after the program's name. Throws nothing but UsageErrors. */
export function parse(argv: readonly string[], env: Environment): Invocation {
  const words = wordsOf(argv);
  const { given, positionals } = collectValues(words);
  const values = new FlagValues(FLAGS, given, env);
  const verb = positionals[0] === undefined ? 'help' : knownVerb(positionals[0]);
  for (const name of given.keys()) checkFlagOf(verb, name);
  if (values.boolean('help') === true || verb === 'help') {
    return help(verb === 'help' ? positionals[1] : verb);
  }
  if (verb === 'version') {
    if (positionals.length > 1) throw new UsageError('TooManyArguments', `unexpected argument "${positionals[1]}"`);
    return { kind: 'version' };
  }
  if (verb === 'serve') {
    return { kind: verb, args: redactArguments(argv, words), ...parseServe(positionals.slice(1), values) };
  }
  const common = {
    args: redactArguments(argv, words),
    connection: connectionFlags(values),
    lookup: lookupFlags(values),
    ...withoutUndefined({ exportTo: values.string('export') }),
    draw: drawFlags(values),
  };
  if (verb === 'show') return { kind: verb, ...common, source: parseShow(positionals.slice(1)) };
  if (verb === 'run') return { kind: verb, ...common, ...parseRun(words, values) };
  if (verb === 'pod') return { kind: verb, ...common, ...parsePod(positionals.slice(1), values) };
  return { ...common, ...requestArguments(verb, positionals.slice(1), values) };
}

/** A command line that is another program's is told so, whatever else is wrong with it. */
function wordsOf(argv: readonly string[]): Word[] {
  try {
    return splitWords(argv);
  } catch (error) {
    throw foreignCommand(argv) ?? error;
  }
}

/** The command's own arguments, of a command that sends requests. */
function requestArguments(
  verb: Exclude<Verb, 'run' | 'show' | 'pod' | 'serve' | 'version' | 'help'>,
  positionals: readonly string[],
  values: FlagValues,
): OwnArguments<RequestInvocation> {
  switch (verb) {
    case 'get':
      return { kind: verb, ...parseGet(positionals, values) };
    case 'create':
      return { kind: verb, ...parseCreate(positionals, values) };
    case 'apply':
      return { kind: verb, ...parseApply(positionals, values) };
    case 'replace':
      return { kind: verb, ...parseReplace(positionals, values) };
    case 'patch':
      return { kind: verb, ...parsePatch(positionals, values) };
    case 'delete':
      return { kind: verb, ...parseDelete(positionals, values) };
    case 'raw':
      return { kind: verb, ...parseRaw(positionals, values) };
    default:
      return verb satisfies never;
  }
}

function help(topic: string | undefined): Invocation {
  return topic === undefined ? { kind: 'help' } : { kind: 'help', topic: knownVerb(topic) };
}

function checkFlagOf(verb: Verb, name: string): void {
  const isKnown = (flag: Flag): boolean => GROUPS_OF[verb].includes(flag.group);
  if (FLAGS.some((flag) => flag.name === name && isKnown(flag))) return;
  throw flagOfOthers(name, verb);
}
