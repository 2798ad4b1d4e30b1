import { nextPage } from '../../kube/api/request.ts';
import type { ResourceType } from '../../kube/api/resource-type.ts';
import type { Exchange, KubeRequest } from '../../kube/http/exchange.ts';
import type { Sending } from '../../tracing/session.ts';

/** Sends the request for a list, then one for each further part of it. Resolves with the last response. */
export async function sendList(request: KubeRequest, type: ResourceType, { recorder }: Sending): Promise<Exchange> {
  let exchange = await recorder.send(request, { type });
  for (let next = nextPage(exchange); next !== undefined; next = nextPage(exchange)) {
    exchange = await recorder.send(next, { type });
  }
  return exchange;
}
