import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../runtime.ts';
import type { StoredTrace, TraceReader } from '../../store/trace-reader.ts';
import type { TurnOptions, Turns } from '../../store/turns.ts';
import type { Drawing, LoadDrawing, TraceList } from './drawing.ts';
import { pageHeaders, sendHeld } from './held.ts';
import { InOrder } from './in-order.ts';
import { filledIn, LISTED_TRACES, listQuery } from './list-query.ts';
import { isForScript } from './page.ts';
import { BadQuery } from './parameters.ts';
import { connectionOf, type Sending } from './send-pieces.ts';
import { Summaries } from './summaries.ts';

interface Sources {
  readonly reader: TraceReader;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly load: LoadDrawing;
  /** Another text after each change of the store. */
  readonly changes: () => string;
}

/** The list of a browser: the latest traces, or those that its form searches for. Its script reads it again as JSON. */
export class StartPage {
  readonly #sources: Sources;
  readonly #summaries = new Summaries();
  readonly #lists = new InOrder();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  async send(
    { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
    parameters: URLSearchParams,
    sending: Sending,
  ): Promise<void> {
    // A connection has one list at a time, however many it requests.
    await connectionOf(response);
    const changes = this.#sources.changes();
    const known = isForScript(request) ? readTag(request) : undefined;
    if (known?.changes === changes && known.isFinal) return sendUnchanged(response, known.text);
    const drawing = await this.#sources.load();
    const list = await this.#listed(parameters, { drawing, response, sending });
    if (list === undefined) return;
    const status = list.problem === undefined ? 200 : 400;
    if (!isForScript(request)) {
      const page = await this.#sources.turns.once(() => drawing.list(list));
      return sendHeld(response, page.html, { status, headers: pageHeaders(page) }, sending);
    }
    const text = await this.#sources.turns.once(() => drawing.update(list));
    const hashed = hash('sha1', text, 'base64url');
    const tag = writeTag(isFinal(list, drawing), changes, hashed);
    if (known?.hash === hashed) return sendUnchanged(response, tag);
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', etag: tag };
    await sendHeld(response, text, { status, headers }, sending);
  }

  /** One list after the other: each holds the spans of one trace. Undefined when the client has gone. */
  #listed(
    parameters: URLSearchParams,
    {
      drawing,
      response,
      sending,
    }: { readonly drawing: Drawing; readonly response: ServerResponse; readonly sending: Sending },
  ): Promise<TraceList | undefined> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const how = { meter: sending.meter, signal: gone.signal };
    return this.#lists
      .run(() => (response.destroyed ? undefined : this.#list(parameters, drawing, how)))
      .catch((error: unknown) => {
        if (!gone.signal.aborted) throw error;
        return undefined;
      });
  }

  async #list(parameters: URLSearchParams, drawing: Drawing, how: TurnOptions): Promise<TraceList> {
    const { reader, turns, clock } = this.#sources;
    const query = filledIn(parameters);
    const services = await turns.run(reader.services(), how);
    const now = clock.now();
    let found: readonly StoredTrace[] = [];
    let about: Pick<TraceList, 'limit' | 'isSearch' | 'problem'> = { limit: LISTED_TRACES, isSearch: true };
    try {
      const { search, limit } = listQuery(query, now);
      about = { limit, isSearch: search !== undefined };
      found = search === undefined ? reader.recent(limit) : await turns.run(reader.search(search), how);
    } catch (error) {
      if (!(error instanceof BadQuery)) throw error;
      about = { ...about, problem: error.message };
    }
    const traces = await turns.run(this.#summaries.of(found, drawing.judge), how);
    return { services, query, traces, now, ...about };
  }
}

/** Nothing in the list changes before more spans come, or traces are removed. */
const isFinal = ({ traces, now }: TraceList, { hasSettled }: Drawing): boolean =>
  traces.every((trace) => trace.judgement !== 'later' && hasSettled(trace, now));

interface Tag {
  readonly text: string;
  readonly isFinal: boolean;
  readonly changes: string;
  /** Hash of the list. */
  readonly hash: string;
}

const writeTag = (isLast: boolean, changes: string, hashed: string): string =>
  `"${isLast ? 'final' : 'open'}.${changes}.${hashed}"`;

function readTag({ headers }: Pick<IncomingMessage, 'headers'>): Tag | undefined {
  const text = headers['if-none-match'] ?? '';
  const [, kind, changes = '', hashed = ''] = /^"(final|open)\.([\w-]+)\.([\w-]+)"$/.exec(text) ?? [];
  return kind === undefined ? undefined : { text, isFinal: kind === 'final', changes, hash: hashed };
}

function sendUnchanged(response: ServerResponse, etag: string): void {
  response.writeHead(304, { etag, 'cache-control': 'no-store', vary: 'accept' });
  response.end();
}
