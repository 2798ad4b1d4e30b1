import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure, Figures } from './messages.ts';
import { referenceTo, type Target } from './target.ts';
import { WorkerProcess } from './worker-process.ts';

/** Without an end of its input for this long a worker hangs: slow inputs end, and machines are busy. */
export const HANG_MILLIS = 30_000;
/** Until the first input. */
const START_MILLIS = 120_000;
const LOOK_MILLIS = 100;
/** Workers that end one after the other: a target that cannot run at all. */
const MAX_CRASHES = 20;

export interface Span {
  /** Numbers of inputs, the last one excluded. */
  readonly from: number;
  readonly to: number;
  readonly millis: number;
}

export interface Fed {
  /** Figures of the last worker; a crash begins a new one. */
  readonly figures: readonly Figures[];
  readonly failures: readonly Failure[];
}

/** Feeds a target in separate processes: one that ends or hangs is a failure of its input, and the next one goes on. */
export async function feedTarget(
  target: Target,
  seed: number,
  { from, to, millis }: Span,
  hangMillis = HANG_MILLIS,
): Promise<Fed> {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-fuzz-'));
  const progressFile = join(folder, 'index');
  const failures: Failure[] = [];
  const figures: Figures[] = [];
  const endsAt = performance.now() + millis;
  let next = from;
  try {
    for (let crashes = 0; crashes < MAX_CRASHES; crashes++) {
      const left = endsAt - performance.now();
      if (next >= to || left <= 0) break;
      const ended = await runWorker(target, { seed, from: next, to, millis: left, progressFile }, hangMillis, failures);
      if (ended.figures !== undefined) figures.push(ended.figures);
      if (ended.failure === undefined) break;
      failures.push(ended.failure);
      next = (ended.failure.index ?? next) + 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { figures, failures };
}

interface Ended {
  readonly figures: Figures | undefined;
  /** Undefined: the worker has come to its end. */
  readonly failure: Failure | undefined;
}

async function runWorker(
  target: Target,
  task: {
    readonly seed: number;
    readonly from: number;
    readonly to: number;
    readonly millis: number;
    readonly progressFile: string;
  },
  hangMillis: number,
  failures: Failure[],
): Promise<Ended> {
  const worker = new WorkerProcess();
  let figures: Figures | undefined;
  const state = { isDone: false };
  worker.onMessage((message) => {
    if (message.kind === 'failure') failures.push(message.failure);
    if (message.kind === 'progress' || message.kind === 'done') ({ figures } = message);
    if (message.kind === 'done') state.isDone = true;
  });
  worker.send({ kind: 'feed', target: referenceTo(target), ...task });
  let index = -1;
  let since = performance.now();
  while (!state.isDone && !worker.hasEnded) {
    await sleep(LOOK_MILLIS);
    const now = indexIn(task.progressFile) ?? -1;
    if (now !== index) since = performance.now();
    index = now;
    const patience = index < 0 ? START_MILLIS : hangMillis;
    if (performance.now() - since > patience) {
      await worker.kill();
      return {
        figures,
        failure: { what: 'hang', message: `no end within ${patience / 1000} s`, index: Math.max(index, task.from) },
      };
    }
  }
  if (state.isDone) {
    await worker.kill();
    return { figures, failure: undefined };
  }
  const how = await worker.ended();
  return {
    figures,
    failure: { what: 'crash', message: how, index: Math.max(indexIn(task.progressFile) ?? 0, task.from) },
  };
}

function indexIn(file: string): number | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? undefined : Number(text);
  } catch {
    return undefined;
  }
}
