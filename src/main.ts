import { programNameOf } from './format/program-name.ts';
import { openBuiltFiles } from './process/built-program.ts';
import { allIsWritten, silenceSQLiteWarning, sinkOf } from './process/output.ts';
import { runKubectl } from './process/kubectl.ts';
import { thisHome, thisPlatform } from './process/platform.ts';
import { openProgram, typedCommand } from './process/program-files.ts';
import { runtime, takeEnvironment } from './process/runtime.ts';
import { startedAs } from './process/started-as.ts';
import { timings } from './process/timings.ts';
import type { printCompletion as PrintCompletion } from './complete.ts';
import type { listNames as ListNames } from './names.ts';
import type { completionData as CompletionDataOf, run as Run } from './run.ts';
import type { Runtime } from './runtime.ts';
import { epochNanos } from './trace/time.ts';
import { codeFolder } from './user-folders.ts';

type CompletionData = ReturnType<typeof CompletionDataOf>;

/** The topic of each command line, its words joined by spaces, whose text is in dist/texts.json. */
export type BuiltTopics = Readonly<Record<string, string>>;

/** Put in by the build; undefined when this runs from the sources. */
declare const BUILT_TOPICS: BuiltTopics | undefined;

/** How the files of texts end for each of the program's published names: `.json`. Put in by the build. */
declare const BUILT_TEXTS: Readonly<Record<string, string>>;

/** The version of the package, put in by the build. */
declare const BUILT_VERSION: string;

/** The smaller files that run the lines of commands, as typedCommand() names these. */
declare const BUILT_SMALLER: Readonly<Record<string, string>>;

/** Identifies the other files of dist/, put in by the build; undefined when this runs from the sources. */
declare const BUILT_HASH: string | undefined;

/** The code of the error of a part that a smaller file lacks, put in by the build. */
declare const BUILT_LEFT_OUT: string;

/** A file of the program. */
interface LoadedProgram {
  readonly run: typeof Run;
  /** Stores what is compiled of it by now. */
  readonly keep: (isWhole: boolean) => void;
}

const MINIMUM_NODE = [22, 19] as const;

// The first statement that does something: what an old Node does not have comes after it. The build lowers the syntax of
// this file and of process/.
if (nodeIsTooOld()) {
  process.stderr.write(
    `error: kubectl trace needs Node.js ${MINIMUM_NODE.join('.')} or newer, and this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exitCode = 1;
} else if (/^__complete(?:NoDesc)?$/.test(process.argv[2] ?? '')) {
  void completeWords();
} else if (!printBuiltText()) {
  void start();
}

function nodeIsTooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1]);
}

/** `version` and help never change, so that no code has to be loaded for them. */
function printBuiltText(): boolean {
  if (typeof BUILT_TOPICS === 'undefined') return false;
  const line = process.argv.slice(2).join(' ');
  if (!Object.hasOwn(BUILT_TOPICS, line)) return false;
  const topic = BUILT_TOPICS[line] as string;
  const text =
    topic === 'version'
      ? `kubectl-trace v${BUILT_VERSION}\n`
      : readBuilt<Readonly<Record<string, string>>>('texts')?.[topic];
  if (text !== undefined) sinkOf(1, thisPlatform()).write(text);
  return text !== undefined;
}

/**
 * Texts that the build stored for the name that this program was started as; undefined for a name without. They are
 * separate files: within this one, V8 would read them in each run.
 */
function readBuilt<Content>(kind: 'texts' | 'completion'): Content | undefined {
  const ending = BUILT_TEXTS[programNameOf(startedAs())];
  if (ending === undefined) return undefined;
  const [fs, path] = [process.getBuiltinModule('node:fs'), process.getBuiltinModule('node:path')];
  return JSON.parse(openBuiltFiles(__dirname, { fs, path }).read(kind + ending)) as Content;
}

/** Nothing but choices may be printed: a shell shows it in the middle of the line that is being typed. */
async function completeWords(): Promise<void> {
  try {
    const { printCompletion, data, keep, loadNames } = await loadCompletion();
    const platform = thisPlatform();
    const env = takeEnvironment(platform);
    await printCompletion(process.argv.slice(2), data, {
      cwd: process.cwd(),
      env,
      home: thisHome(env, platform),
      platform,
      uid: process.geteuid === undefined ? undefined : process.geteuid(),
      now: epochNanos(BigInt(Date.now()) * 1_000_000n),
      out: sinkOf(1, platform),
      runKubectl: (file, args, untilMillis) => runKubectl(file, args, { untilMillis, env, platform }),
      listNames: async (wanted) => {
        const listNames = await loadNames();
        return listNames(wanted, runtime(), await version());
      },
    });
    keep(true);
  } catch {
    // Without a word from here, the shell offers files.
  }
  if (allIsWritten()) process.exit();
}

/** Two small files, of which the second one is for the names of objects. */
interface CompletionProgram {
  readonly printCompletion: typeof PrintCompletion;
  readonly data: CompletionData;
  readonly loadNames: () => Promise<typeof ListNames>;
  readonly keep: LoadedProgram['keep'];
}

/** Small separate programs: a key press has less time than a command. */
async function loadCompletion(): Promise<CompletionProgram> {
  if (typeof BUILT_HASH === 'undefined') {
    const { printCompletion } = await import('./complete.ts');
    const data = (await import('./run.ts')).completionData(startedAs());
    return { printCompletion, data, loadNames: async () => (await import('./names.ts')).listNames, keep: () => {} };
  }
  const program = openProgram('complete', compiledFolder(), BUILT_HASH, require);
  const { printCompletion } = program.load('complete') as { readonly printCompletion: typeof PrintCompletion };
  const loadNames = async (): Promise<typeof ListNames> =>
    (program.load('names', 'names') as { readonly listNames: typeof ListNames }).listNames;
  const keep = (isWhole: boolean): void => program.keep(isWhole);
  const stored = readBuilt<CompletionData>('completion');
  if (stored !== undefined) return { printCompletion, data: stored, loadNames, keep };
  const { completionData } = program.load('run', 'completion') as { readonly completionData: typeof CompletionDataOf };
  return { printCompletion, data: completionData(startedAs()), loadNames, keep };
}

async function start(): Promise<void> {
  const report = timings();
  silenceSQLiteWarning();
  try {
    const program = await loadRun(typeof BUILT_HASH === 'undefined' ? undefined : typedCommand());
    report('load');
    const world = runtime();
    report('run');
    const { exitCode, keep } = await runCommand(program, world);
    process.exitCode ??= exitCode;
    keep(process.exitCode === 0);
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    const frames = stack.split('\n').filter((line) => /^ +at /.test(line));
    sinkOf(2, thisPlatform()).write(
      [
        `error: internal error: ${message}`,
        ...frames,
        'hint: this is a bug in kubectl trace; please report it with the output above',
        '',
      ].join('\n'),
    );
    process.exitCode = 1;
  }
  report('end');
  // On exit, Node.js gives the memory of a large trace back piece by piece, which takes a twentieth of the total time;
  // the system does it at once. Data in a stream is still to be written.
  if (allIsWritten()) process.exit();
}

async function version(): Promise<string> {
  return typeof BUILT_VERSION === 'undefined'
    ? (await import('../package.json', { with: { type: 'json' } })).default.version
    : BUILT_VERSION;
}

/** Runs the command line. A flag's value may have been taken for a command: then the file lacks what runs the line. */
async function runCommand(
  program: LoadedProgram,
  world: Runtime,
): Promise<{ exitCode: number; keep: LoadedProgram['keep'] }> {
  const run = async ({ run: runLine, keep }: LoadedProgram): ReturnType<typeof runCommand> => ({
    exitCode: await runLine(process.argv.slice(2), world, await version()),
    keep,
  });
  try {
    return await run(program);
  } catch (error) {
    if (typeof BUILT_HASH === 'undefined' || (error as NodeJS.ErrnoException).code !== BUILT_LEFT_OUT) throw error;
    return run(await loadRun('any'));
  }
}

/** Everything else, and how to keep what is compiled of it by then: under the name of `command`, if it has one. */
async function loadRun(command: string | undefined): Promise<LoadedProgram> {
  if (typeof BUILT_HASH === 'undefined') return { ...(await import('./run.ts')), keep: () => {} };
  const program = openProgram(
    command ?? 'none',
    command === undefined ? undefined : compiledFolder(),
    BUILT_HASH,
    require,
  );
  const file = BUILT_SMALLER[command ?? ''] ?? 'run';
  const { run } = program.load(file) as { readonly run: typeof Run };
  return { run, keep: (isWhole) => program.keep(isWhole) };
}

function compiledFolder(): string {
  const platform = thisPlatform();
  const { env } = process;
  return codeFolder({ env, home: thisHome(env, platform), platform });
}
