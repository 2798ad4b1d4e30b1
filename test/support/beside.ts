import events from 'node:events';
import { readFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportRequest, newTrace } from './otlp.ts';
import type { RunningServe } from './serve.ts';

/** Measurements of other clients during an attack. */
export interface Beside {
  /** The largest resident memory of serve, in bytes; by /proc, so on Linux only. */
  readonly peak: number;
  /** Durations of ordinary exports and lookups, one after the other, in milliseconds of the clock. */
  readonly exports: readonly number[];
  readonly lookups: readonly number[];
  /**
   * The longest that serve's thread worked while one of them waited, in milliseconds of the processor: what other
   * processes of this machine take of the time does not count.
   */
  readonly worked: number;
  /** Traces that were acknowledged. */
  readonly acknowledged: readonly string[];
}

/**
 * Sends an ordinary export and looks its trace up, again and again until `work` has ended, and at least `LEAST` times.
 * Throws where one of them is refused.
 */
export async function beside(serve: RunningServe, work: Promise<unknown>): Promise<Beside> {
  const seen = { peak: 0, worked: 0, exports: [] as number[], lookups: [] as number[], acknowledged: [] as string[] };
  const over = new AbortController();
  const ended = work.finally(() => over.abort());
  // A failure shows when it is awaited.
  ended.catch(() => undefined);
  const watch = async (): Promise<void> => {
    const status = await readFile(`/proc/${serve.pid}/status`, 'utf8');
    seen.peak = Math.max(seen.peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024);
  };
  while (!over.signal.aborted || seen.exports.length < LEAST) {
    const trace = newTrace();
    const spans = Array.from({ length: 50 }, () => ({ trace, attributes: { 'http.route': '/cart', code: 200n } }));
    const body = new Uint8Array(exportRequest(spans, 'honest'));
    const worked = await processorTime(serve);
    seen.exports.push(await timed(() => send(serve, body)));
    seen.acknowledged.push(trace);
    const between = await processorTime(serve);
    seen.lookups.push(await timed(() => lookUp(serve, trace)));
    seen.worked = Math.max(seen.worked, between - worked, (await processorTime(serve)) - between);
    await watch();
  }
  await ended;
  return seen;
}

const LEAST = 5;

/** Processor time of its main thread, in milliseconds. */
async function processorTime({ pid }: RunningServe): Promise<number> {
  const [nanos = ''] = (await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8')).split(' ');
  return Number(nanos) / 1e6;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

async function send({ otlp }: RunningServe, body: Uint8Array): Promise<void> {
  const response = await once(`http://${otlp}/v1/traces`, body);
  if (response.status !== 200) throw new Error(`an ordinary export got status ${response.status}`);
}

async function lookUp({ query }: RunningServe, trace: string): Promise<void> {
  const response = await once(`${query}/api/v3/traces/${trace}`);
  if (response.status !== 200 || !response.text.includes(trace))
    throw new Error(`a lookup got status ${response.status}`);
}

/** On a connection that ends with the response: an idle one may have been closed just before it is used again. */
async function once(url: string, body?: Uint8Array): Promise<{ readonly status: number; readonly text: string }> {
  const headers = body === undefined ? {} : { 'content-type': 'application/x-protobuf', 'content-length': body.length };
  const sent = request(url, { agent: false, method: body === undefined ? 'GET' : 'POST', headers });
  sent.end(body);
  const [response] = (await events.once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, text: await text(response) };
}
