import { loadBuilt } from './code-cache.ts';
import type { run as Run } from './run.ts';
import type { Clock, Runtime, Signal, Terminal, TextSink } from './runtime.ts';
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

/** The hash of dist/run.js, put in by the build; undefined when this runs from the sources. */
declare const BUILT_RUN: string | undefined;

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
  sinkOf(1).write(text);
  return true;
}

async function start(): Promise<void> {
  const report = timings();
  silenceSQLiteWarning();
  try {
    const { run, keep } = await loadRun();
    report('load');
    const { default: packageJSON } = await import('../package.json', { with: { type: 'json' } });
    const world = runtime();
    report('run');
    const exitCode = await run(process.argv.slice(2), world, packageJSON.version);
    process.exitCode ??= exitCode;
    // Only who comes to the end of a command has run what it is made of.
    if (process.exitCode === 0) keep();
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    const frames = stack.split('\n').filter((line) => /^ +at /.test(line));
    sinkOf(2).write(
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
  // Of itself Node.js gives the memory of a large trace back piece by piece, which takes a twentieth of the time of all;
  // the system does it at once. What a stream holds is still to be written.
  if (!isStreaming) process.exit();
}

/** Everything else, and how to keep what is compiled of it by then. */
async function loadRun(): Promise<{ run: typeof Run; keep(): void }> {
  if (typeof BUILT_RUN === 'undefined') return { ...(await import('./run.ts')), keep: () => {} };
  const [fs, vm, path, crypto] = [
    process.getBuiltinModule('node:fs'),
    process.getBuiltinModule('node:vm'),
    process.getBuiltinModule('node:path'),
    process.getBuiltinModule('node:crypto'),
  ];
  const caches = process.env['XDG_CACHE_HOME'] || path.join(homeFolder(), '.cache');
  const folder = path.join(caches, 'kubectl-trace', 'compiled');
  // Whatever begins with a flag shares one; any other word that succeeds is a command.
  const [, , first = ''] = process.argv;
  const command = /^[a-z]+$/.test(first) ? first : 'any';
  // The command's packages, which are files of their own, are few and used as a whole: Node's cache does for them.
  const requirePackage = (id: string): unknown => {
    if (id.startsWith('./')) process.getBuiltinModule('node:module').enableCompileCache(folder);
    return require(id);
  };
  const { exports, keep } = loadBuilt(
    { path: path.join(__dirname, 'run.js'), hash: BUILT_RUN },
    { folder, command, node: `${process.version}-${process.arch}` },
    Object.assign(requirePackage, require),
    { fs, vm, path, crypto },
  );
  return { ...(exports as { run: typeof Run }), keep };
}

/** Node.js 22 warns that node:sqlite is experimental; the tests run with it, and a user can do nothing about it. */
function silenceSQLiteWarning(): void {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...details: unknown[]) => {
    if (String(warning).startsWith('SQLite is an experimental feature')) return;
    Reflect.apply(emitWarning, process, [warning, ...details]);
  };
}

function homeFolder(): string {
  return process.env['HOME'] || process.getBuiltinModule('node:os').homedir();
}

function runtime(): Runtime {
  return {
    input: () => process.stdin,
    out: sinkOf(1),
    err: sinkOf(2),
    outTerminal: terminalOf(1),
    errTerminal: terminalOf(2),
    clock: clock(),
    random: (size) => process.getBuiltinModule('node:crypto').randomBytes(size),
    fetch: globalThis.fetch,
    env: process.env,
    pid: process.pid,
    cwd: process.cwd(),
    home: homeFolder(),
    ...signals(),
  };
}

type OutputFile = 1 | 2;

/** Not all that was written need be where it goes. */
let isStreaming = false;

function streamOf(file: OutputFile): NodeJS.WriteStream {
  return file === 1 ? process.stdout : process.stderr;
}

/**
 * Writes to the file itself: the modules of streams take as long to load as the whole rest of a short command. A stream
 * takes over from the first write that does not succeed: a full pipe empties in time; the reader of a pipe may leave
 * before the end (`| head`), then the rest is dropped; any other failure, a full disk for example, fails the command.
 */
function sinkOf(file: OutputFile): TextSink {
  const { writeSync } = process.getBuiltinModule('node:fs');
  let stream: NodeJS.WriteStream | undefined;
  let isBroken = false;
  return {
    write(text) {
      let rest = Buffer.from(text);
      // Consoles of Windows want their own encoding, which only the stream knows.
      if (process.platform === 'win32') stream ??= openStream();
      if (stream === undefined) {
        try {
          while (rest.length > 0) rest = rest.subarray(writeSync(file, rest));
          return;
        } catch {
          stream = openStream();
        }
      }
      if (!isBroken) stream.write(rest);
    },
  };

  function openStream(): NodeJS.WriteStream {
    isStreaming = true;
    return streamOf(file).on('error', (error: NodeJS.ErrnoException) => {
      isBroken = true;
      if (error.code === 'EPIPE') return;
      process.exitCode = 1;
      if (file === 1) process.stderr.write(`error: cannot write the output: ${error.message}\n`);
    });
  }
}

/** What is no character device is no terminal; only then are the streams asked. */
function terminalOf(file: OutputFile): Terminal {
  const none: Terminal = { isTTY: false, columns: undefined };
  try {
    if (!process.getBuiltinModule('node:fs').fstatSync(file).isCharacterDevice()) return none;
  } catch {
    return none;
  }
  const { isTTY, columns, rows } = streamOf(file);
  return isTTY ? { isTTY, columns, rows } : none;
}

/** Wall time as it was when the process started, plus a timer that never runs backwards. */
function clock(): Clock {
  let offset: bigint | undefined;
  return {
    now() {
      // Only now, because `performance` is loaded when it is first used.
      offset ??= BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)) - process.hrtime.bigint();
      return (process.hrtime.bigint() + offset) as EpochNanos;
    },
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

/** The first SIGINT or SIGTERM ends the waiting; a second one ends the process. Unless somebody takes them. */
function signals(): Pick<Runtime, 'interrupted' | 'takeSignals'> {
  const controller = new AbortController();
  let taken = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const interrupt = (): void => {
      if (taken) return;
      process.off(signal, interrupt);
      controller.abort(new Error(`interrupted by ${signal}`));
    };
    process.on(signal, interrupt);
  }
  return {
    interrupted: controller.signal,
    takeSignals: (take) => {
      taken = true;
      for (const signal of ALL_SIGNALS) process.on(signal, take);
      return () => {
        taken = false;
        for (const signal of ALL_SIGNALS) process.off(signal, take);
      };
    },
  };
}

const ALL_SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH'];

/** KUBECTL_TRACE_TIMINGS=1: how long each part of the start took, for `npm run bench`. */
function timings(): (part: string) => void {
  if (!process.env['KUBECTL_TRACE_TIMINGS']) return () => {};
  const lines = [`node ${performance.now().toFixed(2)}`];
  return (part) => {
    lines.push(`${part} ${performance.now().toFixed(2)}`);
    if (part === 'end') process.stderr.write(`timings (ms since the process began): ${lines.join(', ')}\n`);
  };
}
