import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../test/lab/cluster/ports.ts';
import { Supervision } from '../../test/lab/cluster/supervision.ts';

/** The `kubectl trace serve` of the demo. */
export interface TraceServer {
  /** Where spans are received: `127.0.0.1:PORT`. */
  readonly otlp: string;
  /** XDG_STATE_HOME of the commands that are to find it. */
  readonly state: string;
  stop(): Promise<void>;
}

const START_MILLIS = 30_000;

/**
 * Starts the built program's `serve` on free ports, with its files in a folder that goes with it. It ends with this
 * process, however that ends.
 */
export async function startTraceServer(launcher: string, signal: AbortSignal): Promise<TraceServer> {
  const supervision = await Supervision.begin();
  const [otlp, query] = (await freePorts(2)) as [number, number];
  const state = join(supervision.folder, 'state');
  const log = join(supervision.folder, 'serve.log');
  const addresses = ['--listen', `127.0.0.1:${otlp}`, '--listen-http', 'none', '--listen-query', `127.0.0.1:${query}`];
  try {
    await supervision.start({
      name: 'serve',
      command: launcher,
      args: ['serve', ...addresses],
      env: { ...process.env, XDG_STATE_HOME: state },
      log,
    });
    await untilItServes(supervision, log, AbortSignal.any([signal, AbortSignal.timeout(START_MILLIS)]));
  } catch (error) {
    await supervision.finish();
    throw error;
  }
  return { otlp: `127.0.0.1:${otlp}`, state, stop: () => supervision.finish() };
}

/** It says where it stores traces when everything else is ready. */
async function untilItServes(supervision: Supervision, log: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const said = await readFile(log, 'utf8').catch(() => '');
    if (/^Storing /m.test(said)) return;
    const how = supervision.server('serve')?.ended;
    if (how !== undefined || signal.aborted) {
      throw new Error(`kubectl trace serve did not start (${how ?? 'in time'}): ${said.trim()}`);
    }
    await sleep(50);
  }
}
