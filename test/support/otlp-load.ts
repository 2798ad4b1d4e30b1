import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openForReading } from '../../src/store/database.ts';
import { TraceReader } from '../../src/store/trace-reader.ts';
import { decodeOTLPProtobuf } from '../../src/codec/otlp/protobuf.ts';
import { parseTraceID } from '../../src/trace/ids.ts';
import { bytesField, message } from './protobuf.ts';

export interface Load {
  /** Spans each second. */
  readonly rate: number;
  readonly seconds: number;
}

/** Responses that the Go exporter received. */
export interface Reported {
  /** How many spans of each trace were acknowledged. */
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly made: number;
  readonly acknowledgedSpans: number;
  readonly failed: number;
  /** The longest that one request took, with its repeats. */
  readonly slowestMillis: number;
}

/** Runs the program to its end. */
export async function reportSpans(program: string, endpoint: string, { rate, seconds }: Load): Promise<Reported> {
  const child = spawn(program, [`-endpoint=${endpoint}`, `-rate=${rate}`, `-seconds=${seconds}`]);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  const [, made, spans, failed, slowest] =
    /^made (\d+) acknowledged (\d+) failed (\d+) slowest (\d+)ms problem .*$/m.exec(stderr) ?? [];
  if (code !== 0 || made === undefined) throw new Error(`otlp-load ended with ${code}: ${stderr}`);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return {
    acknowledged: new Map(lines.map((line) => line.split(' ') as [string, string]).map(([id, n]) => [id, Number(n)])),
    made: Number(made),
    acknowledgedSpans: Number(spans),
    failed: Number(failed),
    slowestMillis: Number(slowest),
  };
}

/** The largest resident memory of a process while `work` lasts, in bytes; by /proc, so on Linux only. */
export async function peakMemory<T>(
  pid: number,
  work: Promise<T>,
): Promise<{ readonly result: T; readonly peak: number }> {
  let peak = 0;
  const over = new AbortController();
  const watch = (async () => {
    while (!over.signal.aborted) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      peak = Math.max(peak, Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024);
      await sleep(100);
    }
  })();
  try {
    return { result: await work, peak };
  } finally {
    over.abort();
    await watch;
  }
}

/** Which of the traces the store has, by how many of their acknowledged spans: whole, cut, or not at all. */
export function findAll(
  database: string,
  acknowledged: ReadonlyMap<string, number>,
): { readonly whole: number; readonly cut: number; readonly missing: number } {
  const opened = openForReading(database);
  const reader = new TraceReader(opened);
  const found = { whole: 0, cut: 0, missing: 0 };
  for (const [id, count] of acknowledged) {
    const messages = [...(reader.trace(parseTraceID(id)!)?.messages ?? [])];
    const spans = decodeOTLPProtobuf(message(...messages.map((one) => bytesField(1, one))))?.spans ?? [];
    const distinct = new Set(spans.map(({ spanID }) => spanID)).size;
    found[distinct === 0 ? 'missing' : distinct < count ? 'cut' : 'whole']++;
  }
  opened.close();
  return found;
}
