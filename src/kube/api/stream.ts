/** Facts of a request that decide whether its response is a stream. */
export interface MaybeStream {
  readonly path: string;
  readonly query: string | readonly (readonly [name: string, value: string])[];
  readonly subresource: string | null;
  /** Null without a response. */
  readonly status: number | null;
}

/** Parts of a pod that are a conversation, as long as the client likes. */
const CONVERSATIONS = new Set(['attach', 'exec', 'portforward']);

/** Watches of clients that were written before the parameter existed. */
const WATCH_PATH = /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)\/watch\//;

const isTrue = (value: string | null): boolean => /^(1|t|true)$/i.test(value ?? '');

/**
 * Whether a response goes on until its client ends it: a watch, a log that is followed, a conversation with a container.
 * A refusal is no stream.
 */
export function isStream({ path, query, subresource, status }: MaybeStream): boolean {
  if (status === 101) return true;
  if (status === null || status < 200 || status >= 300) return false;
  if (CONVERSATIONS.has(subresource ?? '') || WATCH_PATH.test(path)) return true;
  const parameters = parametersOf(query);
  return isTrue(parameters.get('watch')) || (subresource === 'log' && isTrue(parameters.get('follow')));
}

/** A watch that begins with all objects, and with a bookmark behind them (KEP-3157). */
export const beginsWithList = ({ query }: Pick<MaybeStream, 'query'>): boolean =>
  isTrue(parametersOf(query).get('sendInitialEvents'));

const parametersOf = (query: MaybeStream['query']): URLSearchParams =>
  new URLSearchParams(typeof query === 'string' ? query : query.map(([name, value]) => [name, value]));
