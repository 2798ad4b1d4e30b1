import { spawn } from 'node:child_process';
import { isWindows } from '../platform.ts';
import type { Runtime } from '../runtime.ts';

/** A process that outlives ours, whatever kills it, and removes what was made for the command. */
export interface Guard {
  /** The named pipe that it was to make is there. Never rejects. */
  readonly hasPipe: Promise<boolean>;
  /** Ends this process, should ours be killed. Without one nothing is ended. */
  watch(pid: number | undefined): void;
  /** Everything is over. */
  end(): void;
}

/**
 * Makes the pipe, says so, reads process IDs until its input ends, then ends the last one and removes the folder. 0 stands
 * for no process. The process gets a second to end on SIGTERM. It goes on where nothing reads what it says.
 */
const GUARD = `
  trap '' PIPE
  if [ -n "$2" ]; then if mkfifo -m 600 "$2"; then echo made; else echo none; fi; fi
  pid=0
  while read -r line; do pid=$line; done
  if [ "$pid" -gt 0 ] && kill -TERM "$pid" 2>/dev/null; then
    for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null
  fi
  rm -rf -- "$1"`;

/** A shell, whose input ends with this process. `pipe`: the absolute name of a named pipe that it makes; none without one. */
export function watchOver(
  folder: string,
  pipe: string | undefined,
  { env, platform }: Pick<Runtime, 'env' | 'platform'>,
): Guard {
  // Windows has no such shell. There Node.js' children end with it (libuv's job object), and the folder stays until the next
  // command, with a token that opens nothing.
  if (isWindows(platform)) return { hasPipe: Promise.resolve(false), watch: () => {}, end: () => {} };
  // In another session: a Ctrl-C in the terminal is not for it.
  const shell = spawn('/bin/sh', ['-c', GUARD, 'sh', folder, pipe ?? ''], {
    detached: true,
    stdio: ['pipe', pipe === undefined ? 'ignore' : 'pipe', 'ignore'],
    env: { ...env },
    cwd: '/',
  });
  const hasPipe = new Promise<boolean>((resolve) => {
    shell.once('error', () => resolve(false));
    shell.once('exit', () => resolve(false));
    if (shell.stdout === null) return resolve(false);
    shell.stdout.once('data', (chunk: Buffer) => {
      shell.stdout?.destroy();
      resolve(String(chunk) === 'made\n');
    });
  });
  const input = shell.stdin!;
  input.on('error', () => undefined);
  shell.unref();
  if ('unref' in input && typeof input.unref === 'function') input.unref();
  return {
    hasPipe,
    watch: (pid) => void (input.writable && input.write(`${pid ?? 0}\n`)),
    end: () => input.end(),
  };
}
