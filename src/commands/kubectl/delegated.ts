import { ExitCode } from '../../errors.ts';
import { openDiscoveryCache } from '../../kube/api/discovery-cache.ts';
import { plainBody } from '../../kube/http/plain-body.ts';
import type { RelayedExchange } from '../../kube/http/relay.ts';
import type { ErrorReport } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { isInDocument } from '../../tracing/output.ts';
import type { SentRequests } from '../../tracing/sent-requests.ts';
import { passingOn } from '../../passed-on.ts';
import { openSession, type Session } from '../../tracing/session.ts';
import { runRelayed, type RelayedCommand } from '../run/relayed.ts';
import { relayedRequests } from '../run/relayed-requests.ts';
import { openForKubectl } from '../run/untraced.ts';
import type { DelegatedInvocation } from './arguments.ts';
import { KubectlOutput } from './output.ts';
import { requireKubectl } from './program.ts';

/**
 * A native verb whose requests kubectl sends: standard output is the trace, after kubectl's own output with
 * --show-response, and the exit codes are those of the verb.
 */
export async function runDelegated(
  invocation: DelegatedInvocation,
  runtime: Runtime,
  version: string,
): Promise<number> {
  const { verb, draw, isInteractive, readsInput, follow } = invocation;
  const kubectl = requireKubectl(verb, runtime);
  const passing = { ...runtime, env: passingOn(runtime.env, { path: kubectl, verb }) };
  const [, ...words] = invocation.command;
  const traced = { ...invocation, command: [kubectl, ...words], kind: verb };
  const standardInput = readsInput ? 'manifest' : 'child';
  const session = await openSession(traced, { standardInput }, runtime, version);
  const isShown = draw.responseFormat !== undefined && !isInDocument(draw);
  const output = new KubectlOutput(isShown ? runtime.out : isInteractive ? runtime.err : undefined, runtime);
  const { waiting, obstacle } = await openForKubectl(session, { ...traced, onOutput: output.take }, passing);
  try {
    if (obstacle !== undefined) throw obstacle;
    const isBodyWanted = isInDocument(draw) || follow?.follow === true;
    const keep = isBodyWanted ? 'all' : 'refusals';
    const relayed = await runRelayed(traced, session, passing, { onOutput: output.take, keep, waiting });
    output.end();
    const { recorder, code, metrics } = relayed;
    // kubectl has said what is wrong with the command line, a file or the configuration, unless it was interrupted.
    if (recorder.exchanges.length === 0) return withoutRequests(code, runtime);
    if (isBodyWanted) await unpackBodies(recorder.exchanges, runtime);
    const requests = relayedRequests(traced, relayed);
    const sent = { ...requests, conclude: conclusion(requests, code, runtime), metrics };
    if (follow?.follow === true && code === 0) {
      const exitCode = await followPods(session, sent, relayed, invocation);
      if (exitCode !== undefined) return exitCode;
    }
    const { withBodies, withOutcomes } = await import('./described.ts');
    const described = isInDocument(draw) ? withBodies(sent, relayed) : sent;
    const report = await session.buildReport(withOutcomes(described, output.text, verb));
    return await session.publish(report, isShown && output.text !== '' ? '\n' : '');
  } finally {
    await waiting?.abandon();
    await session.close();
  }
}

function withoutRequests(code: number, { interrupted }: Runtime): ExitCode {
  if (interrupted.aborted || code >= 128) return ExitCode.interrupted;
  return code === 0 ? ExitCode.ok : ExitCode.usage;
}

/** Responses are relayed as they come, and large ones are compressed. */
async function unpackBodies(exchanges: RelayedExchange[], { interrupted }: Runtime): Promise<void> {
  for (const [index, exchange] of exchanges.entries()) {
    const { body, headers } = exchange;
    const plain = await plainBody(Buffer.from(body), headers['content-encoding'], interrupted).catch(() => undefined);
    exchanges[index] = { ...exchange, body: Buffer.from(plain ?? []) };
  }
}

/** Exit codes as those of the native verbs: a request failed, or what became of its trace. */
function conclusion(sent: SentRequests, code: number, { interrupted }: Runtime): SentRequests['conclude'] {
  return (lookupError) => {
    if (interrupted.aborted || code >= 128) return { exitCode: ExitCode.interrupted, error: lookupError };
    if (code === 0) return { exitCode: lookupError?.code ?? ExitCode.ok, error: lookupError };
    const { error } = sent.conclude(null);
    const failure: ErrorReport = error ?? {
      code: ExitCode.requestFailed,
      reason: 'KubectlFailed',
      message: `exit status ${code} of kubectl, which printed the cause on standard error`,
      hint: null,
      isPrinted: true,
    };
    return { exitCode: ExitCode.requestFailed, error: failure };
  };
}

/** The objects that kubectl has read or written, each once. */
async function followPods(
  session: Session,
  sent: SentRequests,
  { cluster, recorder }: RelayedCommand,
  { connection, follow }: DelegatedInvocation,
): Promise<ExitCode | undefined> {
  if (follow === undefined) return undefined;
  const found = recorder.exchanges.filter(
    ({ request: { purpose }, status }) => purpose === 'request' && status !== 404,
  );
  const byObject = new Map(
    found.map((exchange) => {
      const { group, resource, namespace, name } = exchange.request;
      return [JSON.stringify([group, resource, namespace, name ?? exchange.context.spanID]), exchange] as const;
    }),
  );
  const { followCreated } = await import('../pod/follow-created.ts');
  const followed = { exchanges: [...byObject.values()], startedAt: recorder.startedAt, failureOf: () => undefined };
  const cache = openDiscoveryCache(connection, cluster.server, session.runtime);
  return followCreated(session, { ...sent, recorder: followed, cache }, follow);
}
