import { shellWord } from '../../format/shell-command.ts';
import { loadKuberc } from '../../kube/connect/kuberc.ts';
import type { Runtime } from '../../runtime.ts';
import { passingOn } from '../../passed-on.ts';
import { openSession } from '../../tracing/session.ts';
import { KUBECTL_COMMANDS } from '../kubectl-words.ts';
import { runChild } from '../run/child.ts';
import { failureHint, statusesOf } from '../run/failure-hint.ts';
import { runRelayed } from '../run/relayed.ts';
import { relayedRequests } from '../run/relayed-requests.ts';
import { openTraceOutput } from '../run/trace-output.ts';
import { openForKubectl, runUntraced } from '../run/untraced.ts';
import type { PassedInvocation } from './arguments.ts';
import { hasKubectl, isPlugin, requireKubectl } from './program.ts';
import { programName } from '../../format/program-name.ts';

/**
 * `kubectl trace ANY COMMAND`: runs kubectl through the proxy of `run`. Standard output and the exit code are kubectl's;
 * where nothing can be traced, kubectl runs as it would without us, and says what is wrong.
 */
export async function runPassed(invocation: PassedInvocation, runtime: Runtime, version: string): Promise<number> {
  const { verb, mistake } = invocation;
  runtime.keepExitCode();
  const isPluginName = !KUBECTL_COMMANDS.has(verb) && verb !== 'run' && isPlugin(verb, runtime);
  const isDoubtful = mistake !== undefined && !isPluginName;
  const isOurs = isDoubtful && !(mistake.isKnownToKubectl && hasKubectl(runtime));
  if (isOurs && !(await isAlias(invocation, runtime))) throw mistake.error;
  const kubectl = requireKubectl(verb, runtime);
  const passing = { ...runtime, env: passingOn(runtime.env, { path: kubectl, verb }) };
  const plainCommand = [kubectl, ...invocation.plainCommand.slice(1)];
  if (invocation.isLocal) return runChild(plainCommand, passing, { env: passing.env });
  const [, ...words] = isPluginName ? invocation.pluginCommand : invocation.command;
  const command = [kubectl, ...words];
  const openTarget = (): ReturnType<typeof openTraceOutput> => openTraceOutput(invocation, runtime);
  const traced = { ...invocation, command, kind: verb };
  const standardInput = invocation.readsInput ? 'manifest' : 'child';
  const session = await openSession(traced, { standardInput, openTarget }, runtime, version);
  const { waiting, obstacle } = await openForKubectl(session, { ...traced, isPlugin: isPluginName }, passing);
  try {
    if (obstacle !== undefined) return await runUntraced(plainCommand, obstacle, passing, waiting);
    const relayed = await runRelayed(traced, session, passing, { waiting });
    const { recorder, code, metrics } = relayed;
    const statuses = statusesOf(recorder);
    runtime.err.write(failureHint(invocation, { code, statuses }));
    if (recorder.exchanges.length === 0) {
      if (verb === 'run' && code !== 0) hintDashes(invocation, runtime);
      return code;
    }
    return await session.publish(await session.buildReport({ ...relayedRequests(traced, relayed), metrics }));
  } finally {
    await waiting?.abandon();
    await session.close();
  }
}

/** kubectl itself says what is wrong with a kuberc. */
async function isAlias({ verb, connection }: PassedInvocation, runtime: Runtime): Promise<boolean> {
  const kuberc = await loadKuberc(connection.kuberc, runtime).catch(() => undefined);
  return kuberc?.aliases.includes(verb) ?? true;
}

/** `kubectl trace run helm upgrade …`: with an image, it was meant for kubectl. */
function hintDashes({ command: [, , first = '', ...rest] }: PassedInvocation, { err }: Runtime): void {
  if (first === '' || first.startsWith('-') || rest.some((word) => /^--image(?:=|$)/.test(word))) return;
  err.write(
    `hint: to trace another program, put two dashes before it: ${programName()} run -- ${shellWord(first)} …\n`,
  );
}
