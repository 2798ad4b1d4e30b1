import type { GetInvocation } from '../cli/invocation.ts';
import type { ExitCode } from '../errors.ts';
import { resolveResourceType } from '../kube/discovery.ts';
import { getRequest, rawRequest } from '../kube/request.ts';
import type { Runtime } from '../runtime.ts';
import { traceRequests, type Sending } from './trace-requests.ts';

/** `kubectl trace get`: sends the request once, looks for its trace, and tells both. */
export function runGet(invocation: GetInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  return traceRequests(invocation, async () => (sending) => sendAll(invocation, sending), runtime, version);
}

async function sendAll(invocation: GetInvocation, { cluster, journal, cache }: Sending): Promise<void> {
  if (invocation.raw !== undefined) {
    await journal.send(rawRequest(invocation.raw));
    return;
  }
  const type = await resolveResourceType(invocation.resource, { send: journal.send, cache });
  const { names, allNamespaces, labelSelector, fieldSelector } = invocation;
  const requests = getRequest(type, {
    names,
    namespace: cluster.namespace,
    allNamespaces,
    labelSelector,
    fieldSelector,
  });
  for (const request of requests) await journal.send(request);
}
