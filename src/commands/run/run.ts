import { counted } from '../../format/counted.ts';
import { redactCommand } from '../../format/redact-command.ts';
import { shell, ShellPart, shellWord } from '../../format/shell-command.ts';
import type { Runtime } from '../../runtime.ts';
import { openSession } from '../../tracing/session.ts';
import type { RunInvocation } from './arguments.ts';
import { runChild } from './child.ts';
import { kubectlIn, type KubectlCall } from './kubectl-call.ts';
import type { RelayRecorder } from './relay-recorder.ts';
import { runRelayed } from './relayed.ts';
import { relayedRequests } from './relayed-requests.ts';
import { openTraceOutput } from './trace-output.ts';

/**
 * `kubectl trace run`: starts a proxy for one command, runs the command with a kubeconfig that leads to it, and reports
 * all its requests as one tree. Standard input, output and error are the command's while it runs, and so is the exit
 * code.
 */
export async function runCommand(invocation: RunInvocation, runtime: Runtime, version: string): Promise<number> {
  const kubectl = kubectlIn(invocation.command);
  if (kubectl?.isLocal === true) {
    const { kubeconfig } = invocation.connection;
    const env = kubeconfig === undefined ? runtime.env : { ...runtime.env, KUBECONFIG: kubeconfig };
    return runChild(invocation.command, runtime, { env });
  }
  const openTarget = (): ReturnType<typeof openTraceOutput> => openTraceOutput(invocation, runtime);
  const session = await openSession(invocation, { standardInput: 'child', openTarget }, runtime, version);
  try {
    const relayed = await runRelayed(invocation, session, runtime);
    const { recorder, code } = relayed;
    if (relayed.hasChangedKubeconfig) runtime.err.write(CHANGED);
    noteMissing(recorder, kubectl, runtime);
    if (recorder.exchanges.length === 0) return code;
    const { metrics } = relayed;
    return await session.publish(await session.buildReport({ ...relayedRequests(invocation, relayed), metrics }));
  } finally {
    await session.close();
  }
}

const CHANGED =
  'Warning: the command changed the kubeconfig that leads to the proxy, which is gone now; your own kubeconfig is as it was\n';

/** Says on standard error which requests are not shown. */
function noteMissing(
  { exchanges, refused, notRecorded }: RelayRecorder,
  kubectl: KubectlCall | undefined,
  { err }: Runtime,
): void {
  if (exchanges.length === 0 && refused === 0) {
    // kubectl sends nothing for much of what it does.
    if (kubectl === undefined) err.write(`note: ${NO_REQUEST}\n`);
    else if (kubectl.connection.length > 0) err.write(`hint: ${elsewhere(kubectl)}\n`);
  }
  if (exchanges.length > 0 && notRecorded > 0) {
    err.write(
      `note: only the first ${counted(exchanges.length, 'request')} shown; ${counted(notRecorded, 'more was', 'more were')} relayed but not recorded\n`,
    );
  }
}

const NO_REQUEST = 'the command sent nothing through the proxy; does it read a kubeconfig other than KUBECONFIG?';

/** The proxy leads to one server, as one user. */
function elsewhere({ connection, args }: KubectlCall): string {
  const [flag = ''] = connection;
  const words = (list: readonly string[]): ShellPart => new ShellPart(redactCommand(list).map(shellWord).join(' '));
  const command = shell`kubectl trace run ${words(connection)} -- kubectl ${words(args)}`;
  return `${flag.replace(/=.*$/s, '')} stands before the two dashes, as the proxy leads to one server: ${command}`;
}
