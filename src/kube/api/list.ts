import type { Send } from './discovery.ts';
import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject } from '../json.ts';
import { boundText, largestExpanded } from '../../response-bounds.ts';
import { parseListParts } from '../http/list-parts.ts';
import { continuedRequest, withLimit } from './request.ts';

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
  const end = await readPages(first, send, { pages }, (page) => {
    for (const item of page) items.push(item);
  });
  return 'cut' in end ? { items, ...end } : end;
}

/** How far a list is read. */
export interface PageBounds {
  /** Maximum number of pages. */
  readonly pages: number;
  /** The pages after the first one may have up to this many objects, so that a longer list fits into `pages`. */
  readonly largestPage?: number;
  /** The managedFields of the items are left out. */
  readonly isBare?: boolean;
}

/** The end of a list that was read page by page. */
type ListEnd = Omit<Listed, 'items'>;

/** Hands over a list part by part, and keeps none. Resolves with the exchange that failed, where one did. */
export async function readPages(
  first: KubeRequest,
  send: Send,
  { pages, largestPage, isBare = false }: PageBounds,
  onPart: (items: readonly unknown[]) => void | Promise<void>,
): Promise<ListEnd | Exchange> {
  let request: KubeRequest | undefined = first;
  let resourceVersion = '';
  const size = new ListSize();
  for (let left = pages - 1; request !== undefined && left >= 0 && size.reached === undefined; left--) {
    const exchange: Exchange = await send(request);
    size.add(exchange);
    const page = exchange.status === 200 ? parseListParts(exchange.body, isBare) : undefined;
    if (page === undefined) return exchange;
    const { metadata: found } = page.list;
    const metadata = isObject(found) ? found : {};
    try {
      for (const part of page.parts) await onPart(part);
    } catch (error) {
      if (error instanceof SyntaxError) return exchange;
      throw error;
    }
    resourceVersion = typeof metadata['resourceVersion'] === 'string' ? metadata['resourceVersion'] : '';
    request = nextOf(request, metadata);
    const { remainingItemCount: remaining } = metadata;
    if (request === undefined || largestPage === undefined || typeof remaining !== 'number' || left === 0) continue;
    request = withLimit(request, Math.min(largestPage, Math.max(limitOf(request), Math.ceil(remaining / left))));
  }
  return { resourceVersion, cut: request !== undefined, bytes: size.bytes };
}

function nextOf(request: KubeRequest, { continue: token }: Record<string, unknown>): KubeRequest | undefined {
  if (typeof token !== 'string' || token === '' || limitOf(request) === 0) return undefined;
  return continuedRequest(request, token);
}

const limitOf = ({ query }: KubeRequest): number => Number(query.find(([name]) => name === 'limit')?.[1] ?? 0);

export const isListed = (response: Listed | Exchange): response is Listed => 'items' in response;
