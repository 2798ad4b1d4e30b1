import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type ClientHttp2Session } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS, type Limits } from '../../src/serve/limits.ts';
import type { Drawing } from '../../src/serve/query/drawing.ts';
import { startServing, type ServeOptions, type Serving } from '../../src/serve/serve.ts';
import { systemClock } from '../unit/kube/fixture.ts';

const MIB = 1024 * 1024;

/** Secret of every receiver of a test. */
export const SECRET = 'a1'.repeat(32);

/** A receiver in this process, with its own store. */
export interface TestServing extends Serving {
  /** `http://127.0.0.1:PORT`, of the first address. */
  readonly otlpURL: string;
  readonly queryURL: string;
  readonly database: string;
  readonly said: readonly string[];
}

/** Draws nothing but numbers. */
export const DRAWING: Drawing = {
  text: (id, spans) => `${id}: ${spans.length} spans`,
  page: async (id) => ({ html: `<p>${id}</p>`, policy: `default-src 'none'` }),
  list: async ({ traces }) => ({ html: `<p>${traces.length} traces</p>`, policy: `default-src 'none'` }),
  update: ({ traces }) => JSON.stringify({ traces: traces.length }),
  judge: () => ({ lastEnd: undefined, findings: [] }),
  hasSettled: () => true,
};

/** Settings that a test may change. */
type TestOptions = Partial<Omit<ServeOptions, 'limits'>> & {
  readonly limits?: Partial<Limits>;
  readonly draw?: Drawing;
};

/** Ends with the test. */
export async function startTestServing(
  test: { after(end: () => Promise<void>): void },
  { limits, draw = DRAWING, ...options }: TestOptions = {},
): Promise<TestServing> {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-serve-'));
  const database = join(folder, 'traces.db');
  const said: string[] = [];
  const any = { host: '127.0.0.1', port: 0 };
  const serving = await startServing(
    {
      otlp: [any],
      query: [any],
      secret: SECRET,
      database,
      store: { maxBytes: 64 * MIB, maxAgeMillis: 86_400_000 },
      limits: { ...LIMITS, ...limits },
      ...options,
    },
    { pid: process.pid },
    {
      clock: systemClock,
      fetch,
      say: (line) => said.push(line),
      draw: async () => draw,
    },
  );
  test.after(async () => {
    await serving.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const scheme = options.security === undefined ? 'http' : 'https';
  const urls = { otlpURL: `${scheme}://${serving.otlp[0]}`, queryURL: `${scheme}://${serving.query[0]}` };
  return { ...serving, ...urls, counts: serving.counts, database, said };
}

/** Response to one call of gRPC. */
export interface CallAnswer {
  readonly code: number;
  readonly message: string;
  /** The frames' content. */
  readonly body: Buffer;
  /** `grpc-status-details-bin`, decoded. */
  readonly details: Buffer;
}

export const EXPORT_PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

/** Calls Export as it is on the wire: `frame` is the whole body. */
export function call(
  session: ClientHttp2Session,
  frame: Buffer | undefined,
  headers: Readonly<Record<string, string>> = {},
): Promise<CallAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': EXPORT_PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    let status: Record<string, string | string[] | number | undefined> = {};
    const chunks: Buffer[] = [];
    stream.on('response', (found) => (status = { ...status, ...found }));
    stream.on('trailers', (found) => (status = { ...status, ...found }));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => {
      resolve({
        code: Number(status['grpc-status'] ?? NaN),
        message: decodeURIComponent(`${status['grpc-message'] ?? ''}`),
        body: Buffer.concat(chunks).subarray(5),
        details: Buffer.from(`${status['grpc-status-details-bin'] ?? ''}`, 'base64'),
      });
    });
    // Without a body the call stays open: a sender that takes its time.
    if (frame !== undefined) stream.end(frame);
  });
}

/** A message in the frame that gRPC puts around it. */
export function framed(message: Buffer, compressed = false): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed ? 1 : 0;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** A connection of HTTP/2 that ends with the test. */
export function http2(test: { after(end: () => void): void }, url: string): ClientHttp2Session {
  const session = connect(url, { maxSessionMemory: 100 });
  session.on('error', () => undefined);
  test.after(() => session.destroy());
  return session;
}
