import { closeSync, openSync, writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TraceCommandError } from '../../../src/errors.ts';
import { inputsOf } from './inputs.ts';
import { Meter } from './meter.ts';
import type { TargetReference, Task, WorkerMessage } from './messages.ts';
import type { OpenTarget, Target } from './target.ts';

/*
 * A process that feeds one target. Its parent detects a crash and a hang on its own: the number of the input that is
 * under way is in a file.
 */

const say = (message: WorkerMessage): void => void process.send?.(message);

/** Inputs after which the event loop has a turn: timers, sockets and the cleaning of weak references run there. */
const INPUTS_PER_TURN = 100;

let current = -1;
/** A fault outside of any call, with the input that was under way. */
const stray = (error: unknown): void =>
  say({ kind: 'failure', failure: { what: 'throw', message: wordsOf(error), index: current } });
process.on('uncaughtException', stray).on('unhandledRejection', stray);

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\n\s+at .*?\(?(?:file:\/\/)?[^\s(]*\/((?:src|test)\/[^\s)]+)/.exec(error.stack ?? '')?.[1] ?? '';
  return `${error.name}: ${error.message.slice(0, 300)}${place === '' ? '' : ` (${place})`}`;
}

/** The outcome of an input in words; refusing it is one. */
async function outcomeOf(open: OpenTarget, input: Buffer): Promise<string> {
  try {
    return await open.feed(input);
  } catch (error) {
    if (error instanceof TraceCommandError) return `refused: ${error.reason}`;
    throw error;
  }
}

async function feed(target: Target, task: Extract<Task, { kind: 'feed' }>): Promise<void> {
  const input = inputsOf(target, task.seed);
  const progress = openSync(task.progressFile, 'w');
  const meter = new Meter();
  const open = await target.open();
  const endsAt = performance.now() + task.millis;
  let index = task.from;
  for (; index < task.to && performance.now() < endsAt; index++) {
    current = index;
    writeSync(progress, String(index).padStart(12), 0);
    const bytes = input(index);
    meter.begin();
    let outcome: string;
    try {
      outcome = await outcomeOf(open, bytes);
    } catch (error) {
      outcome = 'failed';
      say({ kind: 'failure', failure: { what: 'throw', message: wordsOf(error), index } });
    }
    const broken = meter.end(bytes, outcome);
    if (broken !== undefined) say({ kind: 'failure', failure: { ...broken, index } });
    if (meter.isTimeToReport()) say({ kind: 'progress', figures: meter.figures() });
    // Promises alone never end a turn of the event loop, and what Node.js keeps until its end would look like a leak.
    if (index % INPUTS_PER_TURN === 0) await nextTurn();
  }
  await open.close();
  await nextTurn();
  closeSync(progress);
  const leak = meter.leak();
  if (leak !== undefined) say({ kind: 'failure', failure: { what: 'growth', message: leak, index: null } });
  say({ kind: 'done', figures: meter.figures() });
}

/** One input, for making a failure smaller or for looking at it again. */
async function attempt(open: OpenTarget, bytes: Buffer, number: number): Promise<void> {
  const meter = new Meter();
  meter.begin();
  let failure: Extract<WorkerMessage, { kind: 'attempted' }>['failure'] = null;
  let outcome = 'failed';
  try {
    outcome = await outcomeOf(open, bytes);
  } catch (error) {
    failure = { what: 'throw', message: wordsOf(error), index: null };
  }
  const broken = meter.end(bytes, outcome);
  say({
    kind: 'attempted',
    number,
    outcome,
    failure: failure ?? (broken === undefined ? null : { ...broken, index: null }),
  });
}

async function targetOf({ name, module }: TargetReference): Promise<Target> {
  const { TARGETS } = (await import(module)) as { readonly TARGETS: readonly Target[] };
  const target = TARGETS.find((one) => one.name === name);
  if (target === undefined) throw new Error(`there is no target ${name}`);
  return target;
}

let opened: OpenTarget | undefined;
const tasks: Task[] = [];
let isWorking = false;

async function work(): Promise<void> {
  isWorking = true;
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
    const target = await targetOf(task.target);
    if (task.kind === 'feed') await feed(target, task);
    else await attempt((opened ??= await target.open()), Buffer.from(task.bytes, 'base64'), task.number);
  }
  isWorking = false;
}

process.on('message', (task: Task) => {
  tasks.push(task);
  if (!isWorking) void work();
});
process.on('disconnect', () => process.exit(0));
