import type { Send } from './discovery.ts';
import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { nextPage } from './request.ts';

/** The response of a list request. */
export interface Listed {
  readonly items: readonly unknown[];
  /** From where a watch goes on; "" where the server does not say. */
  readonly resourceVersion: string;
  /** There are more pages than the requested ones. */
  readonly cut: boolean;
}

/** Reads a list page by page, `pages` at most. Resolves with the exchange that failed, where one did. */
export async function readList(first: KubeRequest, send: Send, pages: number): Promise<Listed | Exchange> {
  const items: unknown[] = [];
  let request: KubeRequest | undefined = first;
  let resourceVersion = '';
  for (let page = 0; request !== undefined && page < pages; page++) {
    const exchange = await send(request);
    const list = exchange.status === 200 ? parseJSON(exchange.body) : undefined;
    if (!isObject(list)) return exchange;
    if (Array.isArray(list['items'])) items.push(...list['items']);
    const metadata = isObject(list['metadata']) ? list['metadata'] : {};
    resourceVersion = typeof metadata['resourceVersion'] === 'string' ? metadata['resourceVersion'] : '';
    request = nextPage(exchange);
  }
  return { items, resourceVersion, cut: request !== undefined };
}

export const isListed = (answer: Listed | Exchange): answer is Listed => 'items' in answer;
