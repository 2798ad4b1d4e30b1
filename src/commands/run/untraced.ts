import { TraceCommandError } from '../../errors.ts';
import { escapeText } from '../../render/escape.ts';
import type { Runtime } from '../../runtime.ts';
import type { Session } from '../../tracing/session.ts';
import { runChild } from './child.ts';

/** Why the cluster cannot be opened: kubectl has its own words for it, or a way that we do not have. */
export async function obstacleOf(session: Session): Promise<TraceCommandError | undefined> {
  try {
    await session.connect();
    return undefined;
  } catch (error) {
    if (error instanceof TraceCommandError) return error;
    throw error;
  }
}

/** Runs kubectl as it would run without us. */
export async function runUntraced(
  command: readonly string[],
  obstacle: TraceCommandError,
  runtime: Runtime,
): Promise<number> {
  const code = await runChild(command, runtime, { env: runtime.env });
  if (code === 0) runtime.err.write(`note: not traced: ${escapeText(obstacle.message)}\n`);
  return code;
}
