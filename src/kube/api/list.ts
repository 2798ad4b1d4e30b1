import type { Send } from './discovery.ts';
import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { boundText, largestExpanded } from '../../response-bounds.ts';
import { nextPage } from './request.ts';

/** A list of 5 million objects in parts of 500. */
const MAX_PARTS = 10_000;

/** The size of a list that comes in parts. It is bounded as one response is: a server may always name a next part. */
export class ListSize {
  bytes = 0;
  /** As they came, compressed or not. */
  #received = 0;
  #parts = 0;

  add({ body, responseBytes }: Exchange): void {
    this.bytes += body.length;
    this.#received += responseBytes;
    this.#parts++;
  }

  /** The bound that was reached: `192 MiB`; undefined while another part may be requested. */
  get reached(): string | undefined {
    const largest = largestExpanded(this.#received);
    if (this.bytes > largest) return boundText(largest);
    return this.#parts >= MAX_PARTS ? `${MAX_PARTS} parts` : undefined;
  }
}

/** The response of a list request. */
export interface Listed {
  readonly items: readonly unknown[];
  /** From where a watch goes on; "" where the server does not say. */
  readonly resourceVersion: string;
  /** There are more pages than the requested ones. */
  readonly cut: boolean;
  /** Its size as JSON. */
  readonly bytes: number;
}

/** Reads a list page by page, `pages` at most. Resolves with the exchange that failed, where one did. */
export async function readList(first: KubeRequest, send: Send, pages: number): Promise<Listed | Exchange> {
  const items: unknown[] = [];
  let request: KubeRequest | undefined = first;
  let resourceVersion = '';
  const size = new ListSize();
  for (let page = 0; request !== undefined && page < pages && size.reached === undefined; page++) {
    const exchange: Exchange = await send(request);
    size.add(exchange);
    const list = exchange.status === 200 ? parseJSON(exchange.body) : undefined;
    if (!isObject(list)) return exchange;
    if (Array.isArray(list['items'])) for (const item of list['items'] as unknown[]) items.push(item);
    const metadata = isObject(list['metadata']) ? list['metadata'] : {};
    resourceVersion = typeof metadata['resourceVersion'] === 'string' ? metadata['resourceVersion'] : '';
    request = nextPage(exchange);
  }
  return { items, resourceVersion, cut: request !== undefined, bytes: size.bytes };
}

export const isListed = (response: Listed | Exchange): response is Listed => 'items' in response;
