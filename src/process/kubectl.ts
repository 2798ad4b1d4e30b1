import { isWindows, type Platform } from '../platform.ts';
import { passingOn } from '../passed-on.ts';
import type { Environment } from '../runtime.ts';

/** Lines of all objects of a large cluster. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Go collects garbage less often than by default, 100: a sixth of kubectl's start. Its memory stays in proportion. */
const FEW_COLLECTIONS = '400';

/** How kubectl is run. */
export interface KubectlOptions {
  /** Age of this process at which kubectl is ended. */
  readonly untilMillis: number;
  readonly env: Environment;
  readonly platform: Platform;
}

/**
 * Runs kubectl, `file`, for its standard output. It has no terminal, so that neither kubectl nor a credential plugin can
 * prompt: no standard input, nothing of standard error is shown, and its session is a new one, without a controlling
 * terminal. At `untilMillis` it is ended, with all that it started. Undefined where it fails or is not done by then.
 */
export function runKubectl(
  file: string,
  args: readonly string[],
  { untilMillis, env, platform }: KubectlOptions,
): Promise<string | undefined> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const hasGroups = !isWindows(platform);
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: passingOn({ GOGC: FEW_COLLECTIONS, ...env }, { path: file, verb: '__complete' }),
    detached: hasGroups,
    windowsHide: true,
  });
  const end = (): void => {
    try {
      if (hasGroups && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    } catch {
      // It has ended.
    }
  };
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) end();
  });
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        end();
        child.stdout.destroy();
        resolve(undefined);
      },
      Math.max(0, untilMillis - performance.now()),
    );
    child.once('error', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? Buffer.concat(chunks).toString() : undefined);
    });
  });
}
