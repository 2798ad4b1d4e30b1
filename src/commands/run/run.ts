import { counted } from '../../format/counted.ts';
import type { Runtime } from '../../runtime.ts';
import { openSession } from '../../tracing/session.ts';
import type { RunInvocation } from './arguments.ts';
import { runChild } from './child.ts';
import { elsewhere } from './elsewhere.ts';
import type { RelayRecorder } from './relay-recorder.ts';
import { failureHint, statusesOf } from './failure-hint.ts';
import { environmentFor } from './kubectl-return.ts';
import { runRelayed } from './relayed.ts';
import { relayedRequests } from './relayed-requests.ts';
import { openTraceOutput } from './trace-output.ts';
import { openForKubectl, runUntraced } from './untraced.ts';

/**
 * `kubectl trace run`: starts a proxy for one command, runs the command with a kubeconfig that leads to it, and reports
 * all its requests as one tree. Standard input, output and error are the command's while it runs, and so is the exit
 * code.
 */
export async function runCommand(
  invocation: RunInvocation,
  { env, ...others }: Runtime,
  version: string,
): Promise<number> {
  const { plainCommand, isKubectl, isLocal } = invocation;
  const runtime = { ...others, env: isKubectl ? environmentFor(plainCommand, { env, ...others }) : env };
  runtime.keepExitCode();
  if (isLocal) return runChild(plainCommand, runtime, { env: runtime.env });
  const openTarget = (): ReturnType<typeof openTraceOutput> => openTraceOutput(invocation, runtime);
  const standardInput = invocation.readsInput ? 'manifest' : 'child';
  const session = await openSession(invocation, { standardInput, openTarget }, runtime, version);
  const { waiting, obstacle } = isKubectl ? await openForKubectl(session, invocation, runtime) : NEITHER;
  try {
    if (obstacle !== undefined) return await runUntraced(plainCommand, obstacle, runtime, waiting);
    const relayed = await runRelayed(invocation, session, runtime, { waiting });
    const { recorder, code } = relayed;
    if (relayed.hasChangedKubeconfig) runtime.err.write(CHANGED);
    noteMissing(recorder, invocation, runtime);
    const statuses = statusesOf(recorder);
    if (isKubectl) runtime.err.write(failureHint(invocation, { code, statuses }));
    if (recorder.exchanges.length === 0) return code;
    const { metrics } = relayed;
    return await session.publish(await session.buildReport({ ...relayedRequests(invocation, relayed), metrics }));
  } finally {
    await waiting?.abandon();
    await session.close();
  }
}

const NEITHER = { waiting: undefined, obstacle: undefined };

const CHANGED =
  'Warning: the command changed the kubeconfig that leads to the proxy, which is gone now; your own kubeconfig is as it was\n';

/** Says on standard error which requests are not shown. */
function noteMissing(
  { exchanges, refused, notRecorded }: RelayRecorder,
  { command, isKubectl }: RunInvocation,
  { err }: Runtime,
): void {
  if (exchanges.length === 0 && refused === 0) {
    const hint = elsewhere(command);
    // kubectl sends nothing for much of what it does.
    if (!isKubectl) err.write(hint === undefined ? `note: ${NO_REQUEST}\n` : `hint: ${hint}\n`);
  }
  if (exchanges.length > 0 && notRecorded > 0) {
    err.write(
      `note: only the first ${counted(exchanges.length, 'request')} shown; ${counted(notRecorded, 'more was', 'more were')} relayed but not recorded\n`,
    );
  }
}

const NO_REQUEST = 'the command sent nothing through the proxy; does it read a kubeconfig other than KUBECONFIG?';
