import { TraceCommandError } from '../../errors.ts';
import { escapeText } from '../../render/escape.ts';
import type { Runtime } from '../../runtime.ts';
import type { Session } from '../../tracing/session.ts';
import { runChild } from './child.ts';
import { startWaiting, type KubectlCommand, type WaitingKubectl } from './waiting.ts';

/** A kubectl that waits for the proxy, if it was started, or why the cluster cannot be opened. */
export interface Opened {
  readonly waiting: WaitingKubectl | undefined;
  /** kubectl has its own words for it, or a way that we do not have. */
  readonly obstacle: TraceCommandError | undefined;
}

/** Opens the cluster, and meanwhile starts kubectl. */
export async function openForKubectl(session: Session, call: KubectlCommand, runtime: Runtime): Promise<Opened> {
  let waiting: WaitingKubectl | undefined;
  try {
    await session.connect(async () => {
      waiting = await startWaiting(call, runtime);
    });
    return { waiting, obstacle: undefined };
  } catch (error) {
    if (error instanceof TraceCommandError) return { waiting, obstacle: error };
    await waiting?.abandon();
    throw error;
  }
}

/** Runs kubectl as it would run without us. `waiting`: it was started, and may have ended with an error of its command line. */
export async function runUntraced(
  command: readonly string[],
  obstacle: TraceCommandError,
  runtime: Runtime,
  waiting: WaitingKubectl | undefined,
): Promise<number> {
  const code = (await waiting?.abandon()) ?? (await runChild(command, runtime, { env: runtime.env }));
  if (code === 0) runtime.err.write(`note: not traced: ${escapeText(obstacle.message)}\n`);
  return code;
}
