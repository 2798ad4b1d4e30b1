import type { IncomingMessage, ServerResponse } from 'node:http';
import { Pool } from '../../codec/pool.ts';
import { SpanCursor } from '../../codec/otlp/span-cursor.ts';
import { spanAt } from '../../store/query.ts';
import type { StoredTrace } from '../../store/trace-reader.ts';
import type { Turns } from '../../store/turns.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import { programName } from '../../format/program-name.ts';
import type { TraceSummary } from './summary.ts';
import { connectionOf, PIECE, sendPieces, type Sending } from './send-pieces.ts';

/** Draws a trace. */
export interface Drawing {
  text(traceID: TraceID, spans: readonly Span[]): string | Promise<string>;
  /** For a browser. */
  page(traceID: TraceID, spans: readonly Span[]): Promise<ServedPage>;
  list(list: TraceList): ServedPage;
}

/** The start page. */
export interface TraceList {
  readonly services: readonly string[];
  /** The search as its form sent it, without what was not filled in. */
  readonly query: URLSearchParams;
  readonly limit: number;
  readonly traces: readonly TraceSummary[];
  /** False for the latest traces. */
  readonly isSearch: boolean;
  /** Why the search was refused. */
  readonly problem?: string;
}

/** HTML with its Content-Security-Policy. */
export interface ServedPage {
  readonly html: string;
  readonly policy: string;
}

/** Loads what draws. */
export type LoadDrawing = () => Promise<Drawing>;

/** A drawing of more than this would keep others waiting. */
const MAX_BYTES = 512 * 1024;
const MAX_SPANS = 1000;

/** A description of this server, for a client that is no browser. */
export function sendWelcome(response: ServerResponse): void {
  sendText(
    response,
    200,
    `This is ${programName()} serve. It serves Jaeger's look-up API, for example for Grafana.

  /trace/TRACE_ID               a trace, as by ${programName()} show TRACE_ID: a page in a browser, else a tree
  /api/traces/TRACE_ID          the trace as JSON
  /api/services                 the services that have sent spans
`,
  );
}

/** Draws pages, one after the other: each holds the spans of its trace. */
export class Pages {
  readonly #turns: Turns;
  readonly #load: LoadDrawing;
  #last: Promise<unknown> = Promise.resolve();

  constructor(turns: Turns, load: LoadDrawing) {
    this.#turns = turns;
    this.#load = load;
  }

  /** A page for a client that takes HTML, such as a browser, and text for others, such as curl. */
  async send(
    { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
    trace: StoredTrace,
    sending: Sending,
  ): Promise<void> {
    // A connection has one drawing at a time, however many it requests.
    await connectionOf(response);
    const form = isForBrowser(request) ? 'page' : 'text';
    const drawn = this.#last.then(() => (response.destroyed ? '' : this.#draw(trace, form)));
    this.#last = drawn.catch(() => undefined);
    const content = (await drawn) ?? tooLarge(trace);
    await sendHeld(response, content, sending);
  }

  /** The start page, for a browser. */
  async sendList(response: ServerResponse, list: TraceList, sending: Sending): Promise<void> {
    await connectionOf(response);
    const drawing = await this.#load();
    const page = await this.#turns.once(() => drawing.list(list));
    await sendHeld(response, page, sending, list.problem === undefined ? 200 : 400);
  }

  /** Undefined when it would take long. */
  async #draw(trace: StoredTrace, form: 'page' | 'text'): Promise<string | ServedPage | undefined> {
    const drawing = await this.#load();
    return this.#turns.once(() => {
      const spans = spansOf(trace);
      return spans === undefined ? undefined : drawing[form](trace.traceID, spans);
    });
  }
}

/** Browsers say that they take HTML; curl and other programs take anything. */
export const isForBrowser = ({ headers }: IncomingMessage): boolean => /\btext\/html\b/.test(headers.accept ?? '');

async function sendHeld(
  response: ServerResponse,
  content: string | ServedPage,
  sending: Sending,
  status = 200,
): Promise<void> {
  const { text, headers } = typeof content === 'string' ? { text: content, headers: TEXT } : servedPage(content);
  // A slice holds the whole text. Beyond ASCII each character takes two bytes in memory.
  const heldBytes = text.length * 2;
  await sendPieces(response, slices(text), sending, { status, headers: { ...headers, vary: 'accept' }, heldBytes });
}

function tooLarge({ traceID }: StoredTrace): string {
  const show = `${programName()} show ${traceID}`;
  return `This trace is too large to be drawn here. In a terminal: ${show}\nAs a page in a file: ${show} -o html\n`;
}

function* slices(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

/** No other page may frame it, hold its window or load it, and no cache keeps it: more spans may come. */
const servedPage = ({ html, policy }: ServedPage) => ({
  text: html,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  },
});

/** Undefined when there are too many. */
function spansOf({ messages }: StoredTrace): readonly Span[] | undefined {
  const pool = new Pool();
  const spans: Span[] = [];
  let bytes = 0;
  for (const message of messages) {
    bytes += message.length;
    if (bytes > MAX_BYTES) return undefined;
    const cursor = new SpanCursor();
    for (let found = cursor.next(message); found !== 'end'; found = cursor.next(message)) {
      const span = found === 'span' ? spanAt(message, cursor, pool) : undefined;
      if (span !== undefined) spans.push(span);
      if (spans.length > MAX_SPANS) return undefined;
    }
  }
  return spans;
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, TEXT);
  response.end(text);
}
