import type { run as Run } from './run.ts';
import type { Clock, Runtime, Terminal, TextSink } from './runtime.ts';
import type { EpochNanos } from './trace/time.ts';

/** Texts that are printed before anything is loaded. */
export interface BuiltTexts {
  /** By command line, the words joined by spaces. */
  readonly topics: Readonly<Record<string, string>>;
  /** By topic. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Put in by the build; undefined when this runs from the sources. */
declare const BUILT_TEXTS: BuiltTexts | undefined;

const MINIMUM_NODE = [22, 19] as const;

// The first statement: everything that an old Node does not have comes after it. The build lowers the syntax of this file.
if (nodeIsTooOld()) {
  process.stderr.write(
    `error: kubectl trace needs Node.js ${MINIMUM_NODE.join('.')} or newer, and this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exitCode = 1;
} else if (!printBuiltText()) {
  void start();
}

function nodeIsTooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1]);
}

/** `version` and help never change, so that nothing has to be loaded for them. */
function printBuiltText(): boolean {
  if (typeof BUILT_TEXTS === 'undefined') return false;
  const topic = BUILT_TEXTS.topics[process.argv.slice(2).join(' ')];
  const text = topic === undefined ? undefined : BUILT_TEXTS.texts[topic];
  if (text === undefined) return false;
  sinkOf(process.stdout).write(text);
  return true;
}

async function start(): Promise<void> {
  const report = timings();
  useCompileCache();
  try {
    const { run }: { run: typeof Run } = await import('./run.ts');
    report('load');
    const { default: packageJSON } = await import('../package.json', { with: { type: 'json' } });
    const world = runtime();
    report('run');
    const exitCode = await run(process.argv.slice(2), world, packageJSON.version);
    process.exitCode ??= exitCode;
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    const frames = stack.split('\n').filter((line) => /^ +at /.test(line));
    sinkOf(process.stderr).write(
      [
        `error: internal error: ${message}`,
        'hint: this is a fault of kubectl trace itself; please report it with these lines',
        ...frames,
        '',
      ].join('\n'),
    );
    process.exitCode = 1;
  }
  report('end');
}

/** Saves V8 the compilation from the second run on. Everything about it may fail: it is only faster with it. */
function useCompileCache(): void {
  try {
    const { enableCompileCache } = process.getBuiltinModule('node:module');
    const { join } = process.getBuiltinModule('node:path');
    const caches = process.env['XDG_CACHE_HOME'] || join(homeFolder(), '.cache');
    enableCompileCache(join(caches, 'kubectl-trace', 'compiled'));
  } catch {
    // No home folder, or one that cannot be written.
  }
}

function homeFolder(): string {
  return process.env['HOME'] || process.getBuiltinModule('node:os').homedir();
}

function runtime(): Runtime {
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  return {
    input: () => process.stdin,
    out: sinkOf(process.stdout),
    err: sinkOf(process.stderr),
    outTerminal: terminalOf(process.stdout),
    errTerminal: terminalOf(process.stderr),
    clock: clock(),
    random: randomBytes,
    fetch: globalThis.fetch,
    env: process.env,
    cwd: process.cwd(),
    home: homeFolder(),
    interrupted: interruption(),
  };
}

/**
 * The reader of a pipe may leave before the end (`| head`): then the rest is dropped. Any other failure, a full disk for
 * example, makes the command fail.
 */
function sinkOf(stream: NodeJS.WriteStream): TextSink {
  let broken = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    broken = true;
    if (error.code === 'EPIPE') return;
    process.exitCode = 1;
    if (stream === process.stdout) process.stderr.write(`error: cannot write the output: ${error.message}\n`);
  });
  return {
    write(text) {
      if (!broken) stream.write(text);
    },
  };
}

function terminalOf(stream: NodeJS.WriteStream): Terminal {
  return { isTTY: stream.isTTY, columns: stream.isTTY ? stream.columns : undefined };
}

/** Wall time as it was when the process started, plus a timer that never runs backwards. */
function clock(): Clock {
  const startedAt = BigInt(Math.round(performance.timeOrigin * 1e6));
  const timerAtStart = process.hrtime.bigint() - BigInt(Math.round(performance.now() * 1e6));
  return {
    now: () => (startedAt + process.hrtime.bigint() - timerAtStart) as EpochNanos,
    sleep,
  };
}

/** The longest that setTimeout can wait, 24.8 days; it takes anything longer for 1 ms. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

function sleep(millis: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      },
      Math.min(millis, LONGEST_TIMER_MILLIS),
    );
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** The first SIGINT or SIGTERM ends the waiting; a second one ends the process. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new Error(`interrupted by ${signal}`)));
  }
  return controller.signal;
}

/** KUBECTL_TRACE_TIMINGS=1: how long each part of the start took, for `npm run bench`. */
function timings(): (part: string) => void {
  if (!process.env['KUBECTL_TRACE_TIMINGS']) return () => {};
  const lines = [`node ${performance.now().toFixed(2)}`];
  return (part) => {
    lines.push(`${part} ${performance.now().toFixed(2)}`);
    if (part === 'end') process.stderr.write(`timings (ms since the process began): ${lines.join(', ')}\n`);
  };
}
