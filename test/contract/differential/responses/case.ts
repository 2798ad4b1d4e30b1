import type { IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { json, type Answer } from './server.ts';

/** A command line and the responses that both programs get to it. */
export interface ResponseCase {
  readonly title: string;
  /** Words of kubectl, separated by spaces. */
  readonly args: string;
  readonly answer: Answer;
  /** On standard error of ours. */
  readonly message?: RegExp;
  /** Ours sends no write where a redirect leads elsewhere, or makes a read of it: docs/kubectl-differences.md. */
  readonly refused?: true;
}

export const LIST = '/api/v1/namespaces/default/configmaps';
export const GET = 'get configmaps';
export const PATCH = 'patch configmaps one --type=merge -p {"data":{"a":"b"}}';

export const pathOf = ({ url = '' }: IncomingMessage): string => url.replace(/\?.*$/, '');

/** Gives one response for one path. */
export const at =
  (path: string, status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (request, response) =>
    pathOf(request) === path && json(response, status, body, headers);

export const status = (code: number, reason: string, message: string): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  reason,
  message,
  code,
});

/** Bytes as they are, with the headers given. */
export const raw =
  (path: string, body: string | Uint8Array, headers: Record<string, string> = {}): Answer =>
  (request, response) => {
    if (pathOf(request) !== path) return false;
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
    return true;
  };

/** Ends the connection after a part of the body. */
export const cut =
  (path: string, body: string, headers: Record<string, string> = { 'content-length': '9999' }): Answer =>
  (request, response) => {
    if (pathOf(request) !== path) return false;
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.write(body, () => response.socket?.destroy());
    return true;
  };

export const cutGzip = (path: string, body: string): Answer => {
  const bytes = gzipSync(body);
  return raw(path, bytes.subarray(0, bytes.length - 12), { 'content-encoding': 'gzip' });
};
