import { whyNoNode } from '../cluster/node/machine.ts';
import type { KubeadmMachine } from './machine.ts';

/** Aborts at the first signal that ends a process. */
export function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  return interrupted.signal;
}

/** Runs a rehearsal; where no machine can run, says why and fails. */
export async function whereMachinesRun(rehearse: () => Promise<void>): Promise<void> {
  const why = await whyNoNode();
  if (why === undefined) return rehearse();
  process.stderr.write(`no machine for kubeadm can run here: ${why}\n`);
  process.exitCode = 1;
}

/** Prints what did not end as expected, which fails the process. */
export function judge(problems: readonly string[], progress: (line: string) => void): void {
  for (const problem of problems) progress(problem);
  progress(problems.length === 0 ? 'every step ended as expected' : `${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}

/** Plays the steps on a machine, and stops it. Its logs are saved where a step rejects. */
export async function playedOn<Result>(
  machine: KubeadmMachine,
  { progress, signal }: { readonly progress: (line: string) => void; readonly signal: AbortSignal },
  play: () => Promise<Result>,
): Promise<Result> {
  signal.addEventListener('abort', () => void machine.stop());
  try {
    return await play();
  } catch (error) {
    if (!signal.aborted) progress(`the logs: ${await machine.saveLogs()}`);
    throw error;
  } finally {
    await machine.stop();
  }
}
