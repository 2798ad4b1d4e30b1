import { ExitCode, TraceCommandError } from '../../errors.ts';
import type { ListOptions } from '../../kube/api/get-request.ts';
import { ListSize } from '../../kube/api/list.ts';
import { nextPage } from '../../kube/api/request.ts';
import type { ResourceType } from '../../kube/api/resource-type.ts';
import type { Exchange, KubeRequest } from '../../kube/http/exchange.ts';
import type { Sending } from '../../tracing/session.ts';
import type { GetInvocation } from './arguments.ts';

/** The options of every request that reads objects of a type. */
export function listOptions(invocation: GetInvocation, { cluster }: Sending): ListOptions {
  const { allNamespaces, labelSelector, fieldSelector, chunkSize, resourceVersion, resourceVersionMatch } = invocation;
  const { responseFormat = 'table' } = invocation.draw;
  return {
    namespace: cluster.namespace,
    allNamespaces,
    asTable: responseFormat === 'table' || responseFormat === 'wide',
    labelSelector,
    fieldSelector,
    chunkSize,
    resourceVersion,
    resourceVersionMatch,
  };
}

/** Sends the request for a list, then one for each further part of it. Resolves with the last response. */
export async function sendList(request: KubeRequest, type: ResourceType, { recorder }: Sending): Promise<Exchange> {
  let exchange = await recorder.send(request, { type });
  const size = new ListSize();
  size.add(exchange);
  for (let next = nextPage(exchange); next !== undefined; next = nextPage(exchange)) {
    if (size.reached !== undefined) throw tooLarge(type, size.reached);
    exchange = await recorder.send(next, { type });
    size.add(exchange);
  }
  return exchange;
}

function tooLarge({ resource }: ResourceType, bound: string): TraceCommandError {
  const message = `the list of ${resource} is larger than the bound of ${bound}, and the server has more`;
  return new TraceCommandError(ExitCode.requestFailed, 'ResponseTooLarge', message, {
    hint: 'request fewer objects: a namespace, a label selector (-l) or a field selector',
  });
}
