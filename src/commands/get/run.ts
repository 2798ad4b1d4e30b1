import { resolveListTypes, resolveNamedTypes } from '../../kube/api/discovery.ts';
import { listRequest, objectRequest, type ListOptions } from '../../kube/api/get-request.ts';
import { rawRequest } from '../../kube/api/request.ts';
import type { KubeRequest } from '../../kube/http/exchange.ts';
import type { Runtime } from '../../runtime.ts';
import type { ResponseHandling } from '../../tracing/recorder.ts';
import { openSession, type Sending } from '../../tracing/session.ts';
import { sendUntraced } from '../../tracing/untraced.ts';
import type { GetInvocation, GetTarget } from './arguments.ts';
import { listOptions, sendList } from './list.ts';

/** `kubectl trace get`: one request for each object or list, and for each further part of a list. */
export async function runGet(invocation: GetInvocation, runtime: Runtime, version: string): Promise<number> {
  const session = await openSession(invocation, { standardInput: 'free' }, runtime, version);
  try {
    const { target } = invocation;
    // A bad path is refused before the cluster is opened.
    if (target.kind === 'path') rawRequest(target.path);
    const sent = await session.record((sending) => sendAll(invocation, sending));
    const separator = await session.printResponse(sent, async (context) =>
      (await import('./response.ts')).getResponse(invocation, context),
    );
    const report = await session.buildReport(sent);
    return await session.publish(report, separator);
  } finally {
    await session.close();
  }
}

async function sendAll(invocation: GetInvocation, sending: Sending): Promise<void> {
  const { target } = invocation;
  const options = listOptions(invocation, sending);
  if (target.kind === 'path') await repeat(rawRequest(target.path), {}, invocation, sending);
  else if (invocation.watch !== undefined) {
    const { sendWatch } = await import('./watch.ts');
    await sendWatch(invocation, invocation.watch, options, sending);
  } else if (target.kind === 'lists') await sendLists(target.types, invocation, options, sending);
  else await sendObjects(target.names, invocation, options, sending);
}

async function sendLists(
  typed: readonly string[],
  invocation: GetInvocation,
  options: ListOptions,
  sending: Sending,
): Promise<void> {
  const types = await resolveListTypes(typed, sending.types);
  const requests = types.map((type) => listRequest(type, options));
  for (const [index, type] of types.entries()) {
    const request = requests[index]!;
    // For a long list, the first chunk is repeated.
    if (invocation.repetition === undefined) await sendList(request, type, sending);
    else await repeat(request, { type }, invocation, sending);
  }
}

type Names = Extract<GetTarget, { kind: 'objects' }>['names'];

async function sendObjects(
  names: Names,
  invocation: GetInvocation,
  options: ListOptions,
  sending: Sending,
): Promise<void> {
  const { subresource, ignoreNotFound } = invocation;
  const types = await resolveNamedTypes(
    names.map(({ type }) => type),
    sending.types,
  );
  const requests = names.map(({ name }, index) => objectRequest(types[index]!, name, { ...options, subresource }));
  for (const [index, request] of requests.entries()) {
    await repeat(request, { type: types[index]!, ignoreNotFound }, invocation, sending);
  }
}

/** Each repetition is a separate request with its own span; warm-up requests are in no trace of this command. */
async function repeat(
  request: KubeRequest,
  handling: ResponseHandling,
  { repetition = { times: 1, warmup: 0 } }: GetInvocation,
  { cluster, recorder, runtime, metrics }: Sending,
): Promise<void> {
  const sendWarmup = sendUntraced(cluster, runtime, runtime.interrupted);
  for (let time = 0; time < repetition.warmup && !runtime.interrupted.aborted; time++) await sendWarmup(request);
  for (let time = 0; time < repetition.times && !runtime.interrupted.aborted; time++) {
    // The next request of the same kind replaces what the metrics have of this one.
    if (time > 0) await metrics?.readBetween();
    await recorder.send(request, handling);
  }
}
