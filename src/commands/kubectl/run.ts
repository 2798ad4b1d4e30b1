import { TraceCommandError } from '../../errors.ts';
import { shellWord } from '../../format/shell-command.ts';
import { loadKuberc } from '../../kube/connect/kuberc.ts';
import { escapeText } from '../../render/escape.ts';
import type { Runtime } from '../../runtime.ts';
import { openSession, type Session } from '../../tracing/session.ts';
import { KUBECTL_COMMANDS } from '../kubectl-words.ts';
import { runChild } from '../run/child.ts';
import { runRelayed } from '../run/relayed.ts';
import { relayedRequests } from '../run/relayed-requests.ts';
import { openTraceOutput } from '../run/trace-output.ts';
import type { PassedInvocation } from './arguments.ts';
import { isPlugin, requireKubectl } from './program.ts';

/**
 * `kubectl trace ANY COMMAND`: runs kubectl through the proxy of `run`. Standard output and the exit code are kubectl's;
 * where nothing can be traced, kubectl runs as it would without us, and says what is wrong.
 */
export async function runPassed(invocation: PassedInvocation, runtime: Runtime, version: string): Promise<number> {
  const { verb, mistake } = invocation;
  const isPluginName = !KUBECTL_COMMANDS.has(verb) && verb !== 'run' && isPlugin(verb, runtime.env);
  if (mistake !== undefined && !isPluginName && !(await isAlias(invocation, runtime))) throw mistake;
  requireKubectl(verb, runtime.env);
  if (invocation.isLocal) return runPlain(invocation, runtime);
  const command = isPluginName ? invocation.pluginCommand : invocation.command;
  const openTarget = (): ReturnType<typeof openTraceOutput> => openTraceOutput(invocation, runtime);
  const traced = { ...invocation, command, kind: verb };
  const session = await openSession(traced, { standardInput: 'child', openTarget }, runtime, version);
  try {
    const obstacle = await obstacleOf(session);
    if (obstacle !== undefined) return await runUntraced(invocation, obstacle, runtime);
    const relayed = await runRelayed(traced, session, runtime);
    const { recorder, code, metrics } = relayed;
    if (recorder.exchanges.length === 0) {
      if (verb === 'run' && code !== 0) hintDashes(invocation, runtime);
      return code;
    }
    return await session.publish(await session.buildReport({ ...relayedRequests(traced, relayed), metrics }));
  } finally {
    await session.close();
  }
}

/** kubectl itself says what is wrong with a kuberc. */
async function isAlias({ verb, connection }: PassedInvocation, runtime: Runtime): Promise<boolean> {
  const kuberc = await loadKuberc(connection.kuberc, runtime).catch(() => undefined);
  return kuberc?.aliases.includes(verb) ?? true;
}

const runPlain = ({ plainCommand }: PassedInvocation, runtime: Runtime): Promise<number> =>
  runChild(plainCommand, runtime, { env: runtime.env });

/** Why the cluster cannot be opened: kubectl has its own words for it, or a way that we do not have. */
async function obstacleOf(session: Session): Promise<TraceCommandError | undefined> {
  try {
    await session.connect();
    return undefined;
  } catch (error) {
    if (error instanceof TraceCommandError) return error;
    throw error;
  }
}

async function runUntraced(
  invocation: PassedInvocation,
  obstacle: TraceCommandError,
  runtime: Runtime,
): Promise<number> {
  const code = await runPlain(invocation, runtime);
  if (code === 0) runtime.err.write(`note: not traced: ${escapeText(obstacle.message)}\n`);
  return code;
}

/** `kubectl trace run helm upgrade …` */
function hintDashes({ command: [, , first = ''] }: PassedInvocation, { err }: Runtime): void {
  if (first === '' || first.startsWith('-')) return;
  err.write(`hint: to trace another program, put two dashes before it: kubectl trace run -- ${shellWord(first)} …\n`);
}
