import type { ServerResponse } from 'node:http';
import { Pool } from '../../codec/pool.ts';
import { SpanCursor } from '../../codec/otlp/span-cursor.ts';
import { spanAt } from '../../store/query.ts';
import type { StoredTrace } from '../../store/trace-reader.ts';
import type { Turns } from '../../store/turns.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import { programName } from '../../format/program-name.ts';

/** Draws a trace as text, for a browser. */
export type DrawTrace = (traceID: TraceID, spans: readonly Span[]) => string | Promise<string>;

/** Loads what draws. */
export type LoadDrawing = () => Promise<DrawTrace>;

/** A drawing of more than this would keep others waiting. */
const MAX_BYTES = 512 * 1024;
const MAX_SPANS = 1000;

/** A description of this server, for a browser that opens the address without a trace. */
export function sendWelcome(response: ServerResponse): void {
  sendText(
    response,
    200,
    `This is ${programName()} serve. It serves Jaeger's look-up API, for example for Grafana.

  /trace/TRACE_ID               a trace as a tree, as by ${programName()} show TRACE_ID
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

  async send(response: ServerResponse, trace: StoredTrace): Promise<void> {
    const drawn = this.#last.then(() => (response.destroyed ? '' : this.#draw(trace)));
    this.#last = drawn.catch(() => undefined);
    const tooLarge = `This trace is too large for a page: ${programName()} show ${trace.traceID} draws it.\n`;
    sendText(response, 200, (await drawn) ?? tooLarge);
  }

  /** Undefined when it would take long. */
  async #draw(trace: StoredTrace): Promise<string | undefined> {
    const draw = await this.#load();
    return this.#turns.once(() => {
      const spans = spansOf(trace);
      return spans === undefined ? undefined : draw(trace.traceID, spans);
    });
  }
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

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
  response.end(text);
}
