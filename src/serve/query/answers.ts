import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { resourceSpansToJSON } from '../../backend/wire/otlp-to-json.ts';
import type { StoredTrace } from '../../store/trace-reader.ts';
import { jaegerTrace } from './jaeger-trace.ts';

/** Jaeger's first API wraps everything so. */
export function sendV1(response: ServerResponse, data: readonly unknown[]): void {
  send(response, 200, { data, total: data.length, limit: 0, offset: 0, errors: null });
}

export function sendV1Error(response: ServerResponse, code: number, message: string): void {
  send(response, code, { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg: message }] });
}

export function sendV3Error(response: ServerResponse, code: number, message: string): void {
  send(response, code, { error: { httpCode: code, message } });
}

export function send(response: ServerResponse, code: number, document: object): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document));
}

/** Traces are sent piece by piece, as fast as they are taken, so that a large one is never a text as a whole. */
export async function sendV1Traces(response: ServerResponse, traces: readonly StoredTrace[]): Promise<void> {
  await sendPieces(response, v1Pieces(traces));
}

export async function sendV3Traces(response: ServerResponse, traces: readonly StoredTrace[]): Promise<void> {
  await sendPieces(response, v3Pieces(traces));
}

function* v1Pieces(traces: readonly StoredTrace[]): Generator<string> {
  yield '{"data":[';
  for (const [index, trace] of traces.entries()) {
    if (index > 0) yield ',';
    yield* jaegerTrace(trace);
  }
  yield `],"total":${traces.length},"limit":0,"offset":0,"errors":null}`;
}

function* v3Pieces(traces: readonly StoredTrace[]): Generator<string> {
  let separator = '';
  yield '{"result":{"resourceSpans":[';
  for (const { messages } of traces) {
    for (const message of messages) {
      yield `${separator}${JSON.stringify(resourceSpansToJSON(message))}`;
      separator = ',';
    }
  }
  yield ']}}';
}

async function sendPieces(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  // Whoever asked may have gone before the end.
  await pipeline(Readable.from(pieces), response).catch(() => undefined);
}
