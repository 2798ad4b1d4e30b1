import { closeSync, openSync, readSync } from 'node:fs';
import { UsageError } from '../../errors.ts';
import { lookPath } from '../../kube/connect/look-path.ts';
import { makeFolder, type ThrowAwayFolder } from '../../proxy/folder.ts';
import type { Runtime } from '../../runtime.ts';
import { beginTrace } from '../../tracing/trace-beginning.ts';
import { childEnvironment } from './child-environment.ts';
import { startChild, type ChildOptions, type StartedChild } from './child.ts';
import type { BegunCommand } from './relay-recorder.ts';

/** kubectl, which waits for its kubeconfig. */
export interface WaitingKubectl extends BegunCommand {
  readonly folder: ThrowAwayFolder;
  readonly child: StartedChild;
  /**
   * Ends it and removes its folder: nothing can be traced. Resolves with its exit code if it has ended on its own, without a
   * kubeconfig; undefined otherwise.
   */
  abandon(): Promise<number | undefined>;
}

/** A kubectl, and how it is run. */
export interface KubectlCommand extends Pick<ChildOptions, 'onOutput'> {
  readonly command: readonly string[];
  /** It reads standard input. */
  readonly readsInput: boolean;
  /** It stands for any program. */
  readonly isPlugin?: boolean;
}

/**
 * kubectl takes longer to start than the proxy does. It is started first, with a kubeconfig that is a named pipe until the
 * proxy listens. Before it has read that, it neither sends nor prints anything but errors of its command line:
 *
 *     this process | start | prepare TLS, listen, write |--------------------
 *     kubectl              |-load------------------| read    | connect | requests
 *
 * Undefined where there are no named pipes, where it may read standard input first, which another kubectl would miss, and
 * for a script or a plugin, which may do anything before.
 */
export async function startWaiting(
  { command, readsInput, onOutput, isPlugin = false }: KubectlCommand,
  runtime: Runtime,
): Promise<WaitingKubectl | undefined> {
  const { env, clock, interrupted } = runtime;
  if (readsInput || isPlugin || interrupted.aborted || !isProgram(command[0] ?? '', runtime)) return undefined;
  const folder = makeOrFail(runtime);
  if (folder === undefined) return undefined;
  const trace = beginTrace(runtime);
  const startedAt = clock.now();
  if (!(await folder.isAwaited) || interrupted.aborted) {
    folder.remove();
    return undefined;
  }
  const childEnv = childEnvironment(env, folder, trace);
  const child = startIn(folder, () => startChild(command, runtime, { onOutput, env: childEnv, onPID: folder.guard }));
  return {
    trace,
    startedAt,
    folder,
    child,
    abandon: async () => {
      const code = await child.kill();
      folder.remove();
      return code;
    },
  };
}

/** Without the program its folder is not needed. */
function startIn(folder: ThrowAwayFolder, start: () => StartedChild): StartedChild {
  try {
    return start();
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** Later it is tried again, and the error is reported then. */
function makeOrFail(runtime: Runtime): ThrowAwayFolder | undefined {
  try {
    return makeFolder(runtime, { isAwaited: true });
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** ELF, and Mach-O for one or for several processors. */
const MACHINE_CODE = new Set(['7f454c46', 'cffaedfe', 'cafebabe']);

function isProgram(name: string, sources: Pick<Runtime, 'env' | 'platform'>): boolean {
  const found = lookPath(name, sources);
  if (!('path' in found)) return false;
  try {
    const file = openSync(found.path, 'r');
    const head = Buffer.alloc(4);
    readSync(file, head);
    closeSync(file);
    return MACHINE_CODE.has(head.toString('hex'));
  } catch {
    return false;
  }
}
