import type { GetInvocation, GetTarget } from '../cli/invocation.ts';
import type { ExitCode } from '../errors.ts';
import { resolveListTypes, resolveNamedTypes } from '../kube/discovery.ts';
import type { Exchange, KubeRequest } from '../kube/exchange.ts';
import { listRequest, objectRequest, type ListOptions } from '../kube/get-request.ts';
import { nextPage, rawRequest } from '../kube/request.ts';
import type { ResourceType } from '../kube/resource-type.ts';
import type { Runtime } from '../runtime.ts';
import { traceRequests, type Sending } from './trace-requests.ts';

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
  if (target.kind === 'path') await sending.journal.send(rawRequest(target.path));
  else if (invocation.watch !== undefined) {
    const { sendWatch } = await import('./watch.ts');
    await sendWatch({ target, end: invocation.watch, options, ignoreNotFound: invocation.ignoreNotFound }, sending);
  } else if (target.kind === 'lists') await sendLists(target.types, options, sending);
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

async function sendLists(typed: readonly string[], options: ListOptions, sending: Sending): Promise<void> {
  const types = await resolveListTypes(typed, { send: sending.journal.send, cache: sending.cache });
  const requests = types.map((type) => listRequest(type, options));
  for (const [index, type] of types.entries()) await sendList(requests[index]!, type, sending);
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
  { subresource, ignoreNotFound }: GetInvocation,
  options: ListOptions,
  { journal, cache }: Sending,
): Promise<void> {
  const types = await resolveNamedTypes(
    names.map(({ type }) => type),
    { send: journal.send, cache },
  );
  const requests = names.map(({ name }, index) => objectRequest(types[index]!, name, { ...options, subresource }));
  for (const [index, request] of requests.entries()) {
    await journal.send(request, { type: types[index]!, ignoreNotFound });
  }
}
