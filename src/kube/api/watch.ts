import { Lines } from './watch-events.ts';
import type { Clock } from '../../runtime.ts';
import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { isListed, readList } from './list.ts';

/** How a response is read. */
export interface ResponseReader {
  /** Takes it as it comes: that of a watch has no end. */
  readonly onData?: (chunk: Uint8Array) => void;
  /** Gives it up. */
  readonly signal: AbortSignal;
}

/** Sends a request. Never rejects. */
export type SendStream = (request: KubeRequest, reading?: ResponseReader) => Promise<Exchange>;

/**
 * - `list`: all objects; a known object that is not in it is gone. - `change`: one object is as it is here; `deleted`:
 * it was, and is no more. - `lost`: the server does not respond; the request is repeated. `bytes` is the size as JSON.
 */
export type WatchNews =
  | { readonly kind: 'list'; readonly items: readonly unknown[]; readonly bytes: number }
  | { readonly kind: 'change'; readonly object: unknown; readonly deleted: boolean; readonly bytes: number }
  | { readonly kind: 'lost'; readonly message: string };

export interface WatchOptions {
  readonly send: SendStream;
  readonly clock: Clock;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly onNews: (news: WatchNews) => void;
}

const FIRST_PAUSE_MILLIS = 250;
const MAX_PAUSE_MILLIS = 8000;
/** A server ends a watch on its own after this; then the watch continues from its last version. */
const WATCH_SECONDS = '290';
/** The pause between lists where a watch is not allowed. */
const POLL_MILLIS = 2000;
const MAX_PAGES = 10;

/**
 * A list, and from then on every change of it
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes). After a version that
 * the server no longer has (410 Gone) the list is requested again. A broken connection is replaced after growing
 * pauses. Resolves with the exchange that was refused for good (401, 403, 404), or undefined when `signal` aborts.
 * Never rejects.
 */
export async function watchList(list: KubeRequest, options: WatchOptions): Promise<Exchange | undefined> {
  const { send, clock, signal, onNews } = options;
  let version: string | undefined;
  let failures = 0;
  let isAllowed = false;
  const pause = (millis: number): Promise<void> => clock.sleep(millis, signal).catch(() => undefined);
  while (!signal.aborted) {
    if (version === undefined) {
      const listed = await readList(list, (request) => send(request, { signal }), MAX_PAGES);
      if (signal.aborted) break;
      if (isListed(listed)) {
        version = listed.resourceVersion;
        isAllowed = true;
        onNews({ kind: 'list', items: listed.items, bytes: listed.bytes });
      } else {
        // An API server that starts has no roles yet, and refuses for a moment what it has allowed before.
        if (isRefused(listed) && !isAllowed) return listed;
        onNews({ kind: 'lost', message: messageOf(listed) });
        await pause(backOff(failures++));
        continue;
      }
    }
    const { next, exchange, changes } = await follow(list, version, options);
    if (signal.aborted) break;
    if (isRefused(exchange)) {
      await pause(POLL_MILLIS);
      version = undefined;
      continue;
    }
    if (changes > 0 || exchange.status === 200) failures = 0;
    if (exchange.error !== null || (exchange.status !== 200 && exchange.status !== 410)) {
      onNews({ kind: 'lost', message: messageOf(exchange) });
    }
    version = exchange.status === 410 ? undefined : next;
    // Also after an orderly end: a server that ends every watch at once must not be queried without a pause.
    await pause(backOff(failures++));
  }
  return undefined;
}

interface Followed {
  /** The version to go on from; undefined when the server no longer has it. */
  readonly next: string | undefined;
  readonly exchange: Exchange;
  readonly changes: number;
}

async function follow(list: KubeRequest, from: string, { send, signal, onNews }: WatchOptions): Promise<Followed> {
  let next: string | undefined = from;
  let changes = 0;
  const lines = new Lines((line) => {
    const event = parseJSON(line);
    if (!isObject(event) || next === undefined) return;
    const { type, object } = event;
    if (type === 'ERROR') {
      // 410 Gone: what came before is known, and the rest has to be listed.
      next = undefined;
      return;
    }
    next = versionOf(object) ?? next;
    if (type === 'BOOKMARK') return;
    changes++;
    onNews({ kind: 'change', object, deleted: type === 'DELETED', bytes: line.length });
  });
  const query: KubeRequest['query'] = [
    ['allowWatchBookmarks', 'true'],
    ...list.query.filter(([name]) => name !== 'limit'),
    ['resourceVersion', from],
    ['timeoutSeconds', WATCH_SECONDS],
    ['watch', 'true'],
  ];
  const exchange = await send({ ...list, query }, { onData: (chunk) => lines.push(chunk), signal });
  return { next: lines.overflowed ? undefined : next, exchange, changes };
}

function versionOf(object: unknown): string | undefined {
  const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
  return typeof metadata['resourceVersion'] === 'string' ? metadata['resourceVersion'] : undefined;
}

const isRefused = ({ status }: Exchange): boolean =>
  status === 401 || status === 403 || status === 404 || status === 405;

const messageOf = ({ error, status }: Exchange): string => error?.message ?? `the server responded ${status}`;

const backOff = (failures: number): number =>
  Math.min(MAX_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** Math.min(failures, 10));
