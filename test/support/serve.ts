import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { launcher } from './kubectl-trace.ts';

/** A `kubectl trace serve` of the built program. */
export interface RunningServe {
  readonly pid: number;
  /** `127.0.0.1:PORT`, for gRPC and HTTP. */
  readonly otlp: string;
  /** `http://127.0.0.1:PORT` */
  readonly query: string;
  /** Everything that it has said so far. */
  said(): string;
  /** Resolves when it has said something like this; rejects when it ends before. */
  until(pattern: RegExp): Promise<void>;
  /** Ends it and resolves with its exit code; null when a signal ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Settings that a test may change. */
export interface ServeSettings {
  readonly args?: readonly string[];
  /** Words that run the program; the built one by default. */
  readonly command?: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** No file of it may exceed this many blocks of 512 bytes: a full disk. */
  readonly fileBlocks?: number;
}

/** Starts it at any free ports, with its files below `home`; resolves when it responds. */
export async function startServe(home: string, settings: ServeSettings = {}): Promise<RunningServe> {
  const { args = [], fileBlocks, command = [launcher], env } = settings;
  const limit = fileBlocks === undefined ? '' : `ulimit -f ${fileBlocks} && `;
  const lookups = args.includes('--socket') ? [] : ['--listen-query', '127.0.0.1:0'];
  const ports = ['--listen', '127.0.0.1:0', '--listen-http', 'none', ...lookups];
  // exec: the shells become Node.js, so that signals reach it.
  const child = spawn('sh', ['-c', `${limit}exec "$0" "$@"`, ...command, 'serve', ...ports, ...args], {
    env: { PATH: process.env['PATH'], HOME: home, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const output = listenTo(child);
  await output.until(/^Storing up to /m);
  const [, otlp = ''] = /^Receiving OTLP on (\S+?),/m.exec(output.said()) ?? [];
  const [, query = ''] = /(https?:\/\/\S+?)(?=,|\s)/.exec(output.said()) ?? [];
  return { pid: child.pid!, otlp, query, ...output, end: (signal = 'SIGTERM') => end(child, signal) };
}

function listenTo(child: ChildProcess): Pick<RunningServe, 'said' | 'until'> {
  let text = '';
  let ended = false;
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const one of waiting) one();
  };
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    look();
  });
  child.once('close', () => {
    ended = true;
    look();
  });
  return {
    said: () => text,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!pattern.test(text) && !ended) return;
          waiting.delete(check);
          if (pattern.test(text)) resolve();
          else reject(new Error(`serve ended: ${text}`));
        };
        waiting.add(check);
        check();
      }),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = once(child, 'close') as Promise<[number | null]>;
  child.kill(signal);
  const [code] = await closed;
  return code;
}
