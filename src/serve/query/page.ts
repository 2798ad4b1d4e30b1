import type { ServerResponse } from 'node:http';
import { decodeOTLPProtobuf } from '../../backend/wire/otlp-protobuf.ts';
import { bytesField } from '../../backend/wire/protobuf-writer.ts';
import type { StoredTrace } from '../../store/trace-reader.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';

/** Draws a trace as text, for whoever opens its address in a browser. */
export type DrawTrace = (traceID: TraceID, spans: readonly Span[]) => Promise<string>;

/** A drawing of more than this would keep senders waiting. */
const MOST_BYTES = 2 * 1024 * 1024;

/** What this is, for whoever opens the address without a trace. */
export function sendWelcome(response: ServerResponse): void {
  sendText(
    response,
    200,
    `This is kubectl trace serve. It answers Jaeger's look-up API, for Grafana for example.

  /trace/TRACE_ID               draws a trace, as kubectl trace show TRACE_ID does
  /api/traces/TRACE_ID          has it as JSON
  /api/services                 what has sent spans
`,
  );
}

export async function sendDrawing(response: ServerResponse, trace: StoredTrace, draw: DrawTrace): Promise<void> {
  const messages: Uint8Array[] = [];
  let bytes = 0;
  for (const message of trace.messages) {
    bytes += message.byteLength;
    if (bytes > MOST_BYTES) {
      sendText(response, 200, `This trace is too large for a page: kubectl trace show ${trace.traceID} draws it.\n`);
      return;
    }
    messages.push(message);
  }
  const decoded = decodeOTLPProtobuf(Buffer.concat(messages.flatMap((message) => bytesField(1, message))));
  sendText(response, 200, await draw(trace.traceID, decoded?.spans ?? []));
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
  response.end(text);
}
