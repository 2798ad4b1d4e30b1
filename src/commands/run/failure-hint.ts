import { TRACED_FLAGS, type CommonArguments } from '../../cli/arguments.ts';
import type { Flag } from '../../cli/flag.ts';
import { connectionBehind, NAMES_WITH_VALUE } from '../../cli/kubectl-connection.ts';
import { takeFlags } from '../../cli/kubectl-line.ts';
import { implied, type FlagWord } from '../../cli/split.ts';
import { clusterFlags } from '../../format/cluster-flags.ts';
import { shell, ShellPart, shellWord } from '../../format/shell-command.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import { escapeText } from '../../render/escape.ts';
import { KUBECTL_COMMANDS, SENT_HERE, WITH_WAIT, WITHOUT_OUTPUT } from '../kubectl-words.ts';
import { RUN_FLAGS } from './arguments.ts';
import { verbOf } from './kubectl-call.ts';
import { programPart } from '../../format/program-name.ts';

/** A command line of kubectl, and what was behind `kubectl trace`, both without credentials. */
interface Given extends Pick<CommonArguments, 'args' | 'connection'> {
  readonly kind: 'kubectl' | 'run';
  readonly draw: Pick<CommonArguments['draw'], 'redact'>;
  readonly ran: readonly string[];
}

/** How it ended. */
interface Ended {
  readonly code: number;
  /** The HTTP statuses of its requests, but for discovery. */
  readonly statuses: readonly (number | null)[];
}

/** A dispatcher of several versions of kubectl looks for the server's version before kubectl reads its flags. */
export const statusesOf = ({ exchanges }: { readonly exchanges: readonly Exchange[] }): Ended['statuses'] =>
  exchanges.filter(({ request }) => request.purpose === 'request').map(({ status }) => status);

/** A line for standard error about a failure that kubectl alone cannot explain; empty for any other. */
export function failureHint(given: Given, { code, statuses }: Ended): string {
  // kubectl of a signal has no error; with --redact no name is shown.
  if (code === 0 || code >= 128 || given.draw.redact) return '';
  // kubectl refuses an unknown flag before it sends anything.
  const hint = statuses.length === 0 ? flagsBefore(given) : explainedByPod(given, statuses);
  return hint === undefined ? '' : `hint: ${escapeText(hint)}\n`;
}

/** The command line with flags of ours moved before the command, where kubectl does not know them. */
function flagsBefore({ kind, args: all, ran: [program = '', ...words] }: Given): string | undefined {
  const verb = verbOf(words) ?? '';
  if (!KUBECTL_COMMANDS.has(verb) && !SENT_HERE.has(verb)) return undefined;
  const { taken, args } = takeFlags(words, { take: ours(verb, words), valued: NAMES_WITH_VALUE });
  if (taken.length === 0) return undefined;
  const before = kind === 'run' ? all.slice(0, all.indexOf('--')) : all.slice(0, all.length - words.length);
  const between = kind === 'run' ? ['--', program] : [];
  const command = plain([...before, ...taken.flatMap(wordsOf), ...between, ...args]);
  return `flags of kubectl trace go before the command: ${shell`${programPart()} ${command}`}`;
}

/** Our flags that the command of kubectl does not have. */
function ours(verb: string, words: readonly string[]): readonly Flag[] {
  const all = [...RUN_FLAGS, ...TRACED_FLAGS].filter(({ group }) => group !== 'connection');
  const hasOutput = !WITHOUT_OUTPUT.has(verb) && !(verb === 'rollout' && words.includes('status'));
  const kubectls = new Set([hasOutput && 'output', WITH_WAIT.has(verb) && 'wait']);
  return all.filter(({ name }) => !kubectls.has(name));
}

function wordsOf({ flag, value }: FlagWord): readonly string[] {
  const name = flag.alias === undefined ? `--${flag.name}` : `-${flag.alias}`;
  if (value === implied(flag)) return [name];
  return flag.type === 'boolean' || flag.implied !== undefined ? [`--${flag.name}=${value}`] : [name, value];
}

/** Words of which some are flags. */
const plain = (words: readonly string[]): ShellPart => new ShellPart(words.map(shellWord).join(' '));

/** Types with pods, as kubectl accepts them. */
const POD = /^po(?:ds?)?$/i;
const WORKLOAD =
  /^(?:deploy|deployments?|rs|replicasets?|sts|statefulsets?|ds|daemonsets?|jobs?|rc|replicationcontrollers?)(?:\.[a-z0-9.]+)?$/i;

/** `rollout status` and `wait --for=condition=Ready` say that pods are not ready, and not why. */
function explainedByPod(
  { args: all, ran: [, ...words], connection: { namespace } }: Given,
  statuses: Ended['statuses'],
): string | undefined {
  // There is no such object, or it must not be read.
  if (statuses.some((status) => status === null || status >= 400)) return undefined;
  const { args } = connectionBehind('', words);
  const [verb, ...objects] = positionalsOf(args);
  const isAwaited =
    (verb === 'rollout' && objects.shift() === 'status') || (verb === 'wait' && /ready|available/i.test(awaited(args)));
  const [first = '', ...others] = objects;
  const [type = '', name, ...rest] = first.includes('/') ? [...first.split('/'), ...others] : objects;
  if (!isAwaited || name === undefined || rest.length > 0) return undefined;
  if (!POD.test(type) && !WORKLOAD.test(type)) return undefined;
  const target = POD.test(type) ? name : `${type}/${name}`;
  const before = all.slice(0, all.length - words.length);
  const place = namespace === undefined || namespace === 'default' ? [] : ['-n', namespace];
  const command = plain([target, ...place, ...clusterFlags(before), ...clusterFlags(words)]);
  return `why its pods are not ready: ${shell`${programPart()} pod ${command}`}`;
}

/** The value of --for. */
function awaited(args: readonly string[]): string {
  const at = args.findIndex((word) => /^--for(?:=|$)/.test(word));
  return at === -1 ? '' : (/^--for=(.*)$/s.exec(args[at]!)?.[1] ?? args[at + 1] ?? '');
}

/** Flags of the two commands with a value in the next argument. */
const VALUED = /^(?:-[fklov]|--(?:for|timeout|revision|selector|field-selector|filename|kustomize|output|template))$/;

function positionalsOf(args: readonly string[]): string[] {
  return args.filter((word, at) => !word.startsWith('-') && !VALUED.test(args[at - 1] ?? ''));
}
