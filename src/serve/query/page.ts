import type { IncomingMessage, ServerResponse } from 'node:http';
import { Pool } from '../../codec/pool.ts';
import { SpanCursor } from '../../codec/otlp/span-cursor.ts';
import { spanAt } from '../../store/query.ts';
import type { StoredTrace } from '../../store/trace-reader.ts';
import type { Turns } from '../../store/turns.ts';
import type { Span } from '../../trace/span.ts';
import { programName } from '../../format/program-name.ts';
import type { LoadDrawing } from './drawing.ts';
import { pageHeaders, sendHeld, sendText, TEXT } from './held.ts';
import { InOrder } from './in-order.ts';
import { connectionOf, type Sending } from './send-pieces.ts';

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

/** Shows traces: in a browser as a page that reads the spans, elsewhere as text. */
export class Pages {
  readonly #turns: Turns;
  readonly #load: LoadDrawing;
  readonly #drawings = new InOrder();

  constructor(turns: Turns, load: LoadDrawing) {
    this.#turns = turns;
    this.#load = load;
  }

  async send(
    { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
    trace: StoredTrace,
    sending: Sending,
  ): Promise<void> {
    // A connection has one drawing at a time, however many it requests.
    await connectionOf(response);
    if (isForBrowser(request)) {
      const page = await (await this.#load()).page(trace.traceID);
      return sendHeld(response, page.html, { headers: pageHeaders(page) }, sending);
    }
    // Each holds the spans of its trace.
    const drawn = await this.#drawings.run(() => (response.destroyed ? '' : this.#draw(trace)));
    await sendHeld(response, drawn ?? tooLarge(trace), { headers: TEXT }, sending);
  }

  /** Undefined when it would take long. */
  async #draw(trace: StoredTrace): Promise<string | undefined> {
    const drawing = await this.#load();
    return this.#turns.once(() => {
      const spans = spansOf(trace);
      return spans === undefined ? undefined : drawing.text(trace.traceID, spans);
    });
  }
}

/** Browsers say that they take HTML; curl and other programs take anything. */
export const isForBrowser = ({ headers }: IncomingMessage): boolean => /\btext\/html\b/.test(headers.accept ?? '');

/** The script of a page says so. */
export const isForScript = ({ headers }: IncomingMessage): boolean => headers.accept === 'application/json';

function tooLarge({ traceID }: StoredTrace): string {
  return `This trace is too large to be drawn as text here. In a terminal: ${programName()} show ${traceID}\nA browser shows all of it at this address.\n`;
}

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
