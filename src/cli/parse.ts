import { Parser } from 'yargs/helpers';
import type { Via } from '../backend-access.ts';
import { backendAccess } from './flags/backend.ts';
import type { ConnectionFlags } from '../connection.ts';
import { UsageError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';
import type { Environment } from '../runtime.ts';
import type { Flag } from './flag.ts';
import { GROUPS_OF } from './flag-groups.ts';
import { FLAGS } from './flags.ts';
import { VERBS, type Verb } from './verbs.ts';
import { parseDelete } from './delete.ts';
import { foreignCommand } from './foreign-command.ts';
import { parseGet } from './get.ts';
import type {
  AnswerFormat,
  DrawFlags,
  Invocation,
  LookupFlags,
  OutputFormat,
  OwnArguments,
  RequestInvocation,
} from './invocation.ts';
import { redactArguments } from './redact.ts';
import { parseServe } from './serve.ts';
import { parsePod } from './pod.ts';
import { parseShow } from './show.ts';
import { parseRaw } from './raw.ts';
import { parseRun } from './run.ts';
import { splitWords, unknownFlag, type Word } from './split.ts';
import { FlagValues } from './values.ts';
import { parseApply, parseCreate, parsePatch, parseReplace } from './write.ts';

/** Understands the command line after the program's name. Throws nothing but UsageErrors. */
export function parse(argv: readonly string[], env: Environment): Invocation {
  const words = wordsOf(argv);
  const { given, positionals } = read(words);
  const values = new FlagValues(given, env);
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

/** `-o` with its value attached, behind any number of boolean letters: `-ojson`, `-Ao=json`. */
const BOOLEAN_LETTERS = FLAGS.flatMap(({ type, alias = '' }) => (type === 'boolean' ? [alias] : [])).join('');
const ATTACHED_OUTPUT = new RegExp(`^(?:--output=|-[${BOOLEAN_LETTERS}]*o=?)(.+)$`, 's');
const OUTPUT = new RegExp(`^(?:--output|-[${BOOLEAN_LETTERS}]*o)$`);

/** What `-o` asks for, also on a command line that cannot be understood: scripts then get their format all the same. */
export function wantedOutput(argv: readonly string[], env: Environment = {}): string | undefined {
  let output: string | undefined;
  const end = argv.indexOf('--');
  const before = end === -1 ? argv : argv.slice(0, end);
  for (const [index, argument] of before.entries()) {
    if (OUTPUT.test(argument)) output = before[index + 1];
    else output = ATTACHED_OUTPUT.exec(argument)?.[1] ?? output;
  }
  return output ?? env['KUBECTL_TRACE_OUTPUT'];
}

interface Read {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
}

/**
 * yargs with every convenience switched off that pflag does not have: a value stays the text that was typed, a name
 * stays itself, and a repeated flag keeps all its values in order.
 */
const PARSER_CONFIGURATION = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'combine-arrays': false,
  'dot-notation': false,
  'duplicate-arguments-array': true,
  'flatten-duplicate-arrays': true,
  'greedy-arrays': false,
  'nargs-eats-options': true,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': true,
  'short-option-groups': false,
};

function read(words: readonly Word[]): Read {
  // Name and value apart: of `--name="value"` yargs would remove the quotes, which no shell has left there by accident.
  const flags = words.flatMap((word) => (word.kind === 'flag' ? [`--${word.flag.name}`, word.value] : []));
  const positionals = words.flatMap((word) => (word.kind === 'positional' ? [word.text] : []));
  const parsed = Parser([...flags, '--', ...positionals], {
    string: FLAGS.map((flag) => flag.name),
    narg: Object.fromEntries(FLAGS.map((flag) => [flag.name, 1])),
    configuration: PARSER_CONFIGURATION,
  });
  const given = new Map<string, readonly string[]>();
  for (const { name } of FLAGS) {
    const value: unknown = parsed[name];
    if (value !== undefined) given.set(name, [value].flat() as string[]);
  }
  return { given, positionals: (parsed['--'] ?? []) as string[] };
}

/** Commands that are planned: whoever types one is told so, not that it is misspelt. */
const LATER: readonly string[] = 'doctor setup completion'.split(' ');

function knownVerb(typed: string): Verb {
  const verb = VERBS.find((candidate) => candidate === typed);
  if (verb !== undefined) return verb;
  if (LATER.includes(typed)) {
    throw new UsageError('NotAvailable', `"${typed}" is not available in this version of kubectl trace`, {
      hint: `the commands are ${VERBS.join(', ')}`,
    });
  }
  const foreign = foreignCommand([typed]);
  if (foreign !== undefined) throw foreign;
  const nearest = nearestName(typed, VERBS);
  throw new UsageError('UnknownCommand', `unknown command "${typed}" for "kubectl trace"`, {
    hint:
      nearest === undefined
        ? `the commands are ${VERBS.join(', ')}; for example: kubectl trace get nodes`
        : `Did you mean "${nearest}"?`,
  });
}

function help(topic: string | undefined): Invocation {
  return topic === undefined ? { kind: 'help' } : { kind: 'help', topic: knownVerb(topic) };
}

function checkFlagOf(verb: Verb, name: string): void {
  const isKnown = (flag: Flag): boolean => GROUPS_OF[verb].includes(flag.group);
  if (FLAGS.some((flag) => flag.name === name && isKnown(flag))) return;
  throw unknownFlag(name, FLAGS.filter(isKnown));
}

function connectionFlags(values: FlagValues): ConnectionFlags {
  return withoutUndefined({
    kubeconfig: values.string('kubeconfig'),
    context: values.string('context'),
    cluster: values.string('cluster'),
    user: values.string('user'),
    namespace: values.string('namespace'),
    server: values.string('server'),
    token: values.string('token'),
    as: values.string('as'),
    asGroup: values.strings('as-group'),
    asUID: values.string('as-uid'),
    asUserExtra: values.strings('as-user-extra'),
    certificateAuthority: values.string('certificate-authority'),
    clientCertificate: values.string('client-certificate'),
    clientKey: values.string('client-key'),
    insecureSkipTLSVerify: values.boolean('insecure-skip-tls-verify'),
    tlsServerName: values.string('tls-server-name'),
    username: values.string('username'),
    password: values.string('password'),
    disableCompression: values.boolean('disable-compression'),
    requestTimeout: values.duration('request-timeout'),
    cacheDir: values.string('cache-dir'),
    warningsAsErrors: values.boolean('warnings-as-errors'),
    verbosity: values.count('v'),
  });
}

function lookupFlags(values: FlagValues): LookupFlags {
  return withoutUndefined({
    backend: values.string('backend'),
    access: backendAccess(values),
    via: values.isSet('via') ? values.choice<Via>('via') : undefined,
    wait: values.duration('wait'),
    waitIsExplicit: values.isGiven('wait'),
    waitIsDefault: !values.isSet('wait'),
    requireComplete: values.boolean('require-complete') ?? false,
    tracerUser: values.string('tracer-user'),
    history: values.boolean('no-history') !== true,
  });
}

function drawFlags(values: FlagValues): DrawFlags {
  const { choice: output, argument: outputArgument } = values.format<OutputFormat>('output');
  const redact = values.boolean('redact') ?? false;
  const answer = values.optionalChoice<AnswerFormat>('show-response');
  if (redact && answer !== undefined) {
    throw new UsageError('RedactAndResponse', '--redact and --show-response cannot be used together', {
      hint: 'what the server answered is objects, which have no pseudonyms',
    });
  }
  return withoutUndefined({
    output,
    outputArgument,
    answer,
    color: values.choice<DrawFlags['color']>('color'),
    ascii: values.boolean('ascii') ?? false,
    redact,
    width: values.columns('width'),
    rows: rowsFlags(values),
  });
}

function rowsFlags(values: FlagValues): DrawFlags['rows'] {
  return withoutUndefined({
    depth: values.count('depth'),
    minDuration: values.optionalDuration('min-duration'),
    services: values.names('service'),
    errors: values.boolean('errors') ?? false,
    noInferred: values.boolean('no-inferred') ?? false,
  });
}

type WithoutUndefined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Leaves out what was not given, as `exactOptionalPropertyTypes` wants it. */
function withoutUndefined<T extends object>(record: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as WithoutUndefined<T>;
}
