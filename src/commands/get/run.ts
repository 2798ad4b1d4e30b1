import type { GetInvocation, GetTarget } from './arguments.ts';
import type { ExitCode } from '../../errors.ts';
import { resolveListTypes, resolveNamedTypes } from '../../kube/api/discovery.ts';
import type { Exchange, KubeRequest } from '../../kube/http/exchange.ts';
import { listRequest, objectRequest, type ListOptions } from '../../kube/api/get-request.ts';
import { nextPage, rawRequest } from '../../kube/api/request.ts';
import type { ResourceType } from '../../kube/api/resource-type.ts';
import type { Runtime } from '../../runtime.ts';
import { apart } from '../../tracing/untraced.ts';
import type { Errand } from '../../tracing/recorder.ts';
import { traceRequests, type Sending } from '../../tracing/trace-requests.ts';

/** `kubectl trace get`: one request for each object or list, and for each further part of a list. */
export function runGet(invocation: GetInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  const { target } = invocation;
  return traceRequests(
    invocation,
    async () => {
      // Refused before the cluster is known.
      if (target.kind === 'path') rawRequest(target.path);
      return (sending) => sendAll(invocation, sending);
    },
    runtime,
    version,
  );
}

async function sendAll(invocation: GetInvocation, sending: Sending): Promise<void> {
  const { target } = invocation;
  const options = optionsOf(invocation, sending);
  if (target.kind === 'path') await repeat(rawRequest(target.path), {}, invocation, sending);
  else if (invocation.watch !== undefined) {
    const { sendWatch } = await import('./watch.ts');
    await sendWatch(invocation, invocation.watch, options, sending);
  } else if (target.kind === 'lists') await sendLists(target.types, invocation, options, sending);
  else await sendObjects(target.names, invocation, options, sending);
}

export function optionsOf(invocation: GetInvocation, { cluster }: Sending): ListOptions {
  const { allNamespaces, labelSelector, fieldSelector, chunkSize, resourceVersion, resourceVersionMatch } = invocation;
  const { answer = 'table' } = invocation.draw;
  return {
    namespace: cluster.namespace,
    allNamespaces,
    asTable: answer === 'table' || answer === 'wide',
    labelSelector,
    fieldSelector,
    chunkSize,
    resourceVersion,
    resourceVersionMatch,
  };
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
    // Of a long list the first part is what is repeated.
    if (invocation.repetition === undefined) await sendList(request, type, sending);
    else await repeat(request, { type }, invocation, sending);
  }
}

/** All parts of a list; resolves with the last answer. */
export async function sendList(request: KubeRequest, type: ResourceType, { journal }: Sending): Promise<Exchange> {
  let exchange = await journal.send(request, { type });
  for (let next = nextPage(exchange); next !== undefined; next = nextPage(exchange)) {
    exchange = await journal.send(next, { type });
  }
  return exchange;
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

/** Each time a request of its own, with a span of its own; those that only warm up are in no trace of ours. */
async function repeat(
  request: KubeRequest,
  errand: Errand,
  { repetition = { times: 1, warmup: 0 } }: GetInvocation,
  { cluster, journal, runtime }: Sending,
): Promise<void> {
  const sendApart = apart(cluster, runtime, runtime.interrupted);
  for (let time = 0; time < repetition.warmup && !runtime.interrupted.aborted; time++) await sendApart(request);
  for (let time = 0; time < repetition.times && !runtime.interrupted.aborted; time++)
    await journal.send(request, errand);
}
