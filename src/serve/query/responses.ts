import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { StoredTrace } from '../../store/trace-reader.ts';
import { sendPieces, type Sending } from './send-pieces.ts';
import { v1Texts, v3Texts } from './trace-texts.ts';

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

export const sendV1Traces = (response: ServerResponse, traces: readonly StoredTrace[], how: Sending): Promise<void> =>
  sendPieces(response, v1Texts(traces), how);

export const sendV3Traces = (
  response: ServerResponse,
  traces: readonly StoredTrace[],
  how: Sending,
  headers: OutgoingHttpHeaders = {},
): Promise<void> => sendPieces(response, v3Texts(traces), how, { headers: { ...headers, ...JSON_TYPE }, heldBytes: 0 });

const JSON_TYPE = { 'content-type': 'application/json' };
