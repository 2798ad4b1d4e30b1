import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { run } from '../../src/run.ts';
import type { Runtime } from '../../src/runtime.ts';
import { openClock } from '../../src/process/clock.ts';
import { epochNanos } from '../../src/trace/time.ts';
import { cleanHome } from './kubectl-trace.ts';
import { serveObjects, type StoredObject } from './object-server.ts';
import { HERE } from './platforms.ts';

/** A cluster that stands still, and what is to be said of one subject in it: test/fixtures/cases/README.md. */
export interface PodCase {
  readonly name: string;
  /** Time of this machine's clock. */
  readonly now: string;
  /** The cluster's clock says `now` less this. */
  readonly clientClockAheadSeconds: number;
  /** The argument of `kubectl trace pod`. */
  readonly target: string;
  readonly expected: {
    readonly state: string | null;
    readonly reason: string | null;
    readonly because: string;
    /** Texts that the screen must have, each as it is when its lines are joined. */
    readonly says?: readonly string[];
    /** Texts that it must not have. */
    readonly never?: readonly string[];
    readonly stage?: string;
    readonly waitingFor?: { readonly kind: string; readonly name: string };
    readonly owner?: string;
  };
  readonly objects: readonly StoredObject[];
  readonly logs?: Readonly<Record<string, string>>;
}

const folder = new URL('../fixtures/cases/pods/', import.meta.url);

export const podCases = (): PodCase[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => ({
      ...(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Omit<PodCase, 'name'>),
      name: file.replace(/\.json$/, ''),
    }));

export interface CaseOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The whole command, from its arguments to its exit code, against a server with the objects of the case. */
export async function runPodCase(
  test: TestContext,
  podCase: Omit<PodCase, 'name' | 'expected'>,
  args: readonly string[],
): Promise<CaseOutcome> {
  const machine = await openMachine(test, podCase);
  return machine.run([...machine.podArguments, ...args]);
}

/** A machine whose kubectl trace talks to that server. Its state lasts from one command to the next. */
export interface Machine {
  readonly home: string;
  /** URL of the server, which the kubeconfig in the home folder has. */
  readonly server: string;
  /** Requests that the server has received, as `GET /api/v1/pods?limit=500`. */
  readonly requests: readonly string[];
  /** `pod TARGET`, with its namespace. */
  readonly podArguments: readonly string[];
  /** A command's `kubectl trace` with these arguments; `input` is its standard input. */
  run(argv: readonly string[], input?: string): Promise<CaseOutcome>;
}

/** A kubeconfig for a server; the first context is the current one. */
export const kubeconfigOf = (server: string, contexts: readonly string[]): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': contexts[0],
  clusters: [{ name: 'c', cluster: { server } }],
  users: [{ name: 'u', user: {} }],
  contexts: contexts.map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
});

/** `isStill`: no time passes, so that the ages on a screen are exact. */
export async function openMachine(
  test: TestContext,
  { now, clientClockAheadSeconds, target, objects, logs = {} }: Omit<PodCase, 'name' | 'expected'>,
  { isStill = false }: { readonly isStill?: boolean } = {},
): Promise<Machine> {
  const real = openClock(HERE);
  const startedAt = real.now();
  const elapsed = (): bigint => (isStill ? 0n : real.now() - startedAt);
  const here = (): bigint => BigInt(Date.parse(now)) * 1_000_000n + elapsed();
  const serverMillis = (): number => Number(here() / 1_000_000n) - clientClockAheadSeconds * 1000;
  const requests: string[] = [];
  const { url } = await serveObjects(test, {
    objects,
    logs,
    now: () => new Date(serverMillis()),
    onRequest: (request) => requests.push(request),
  });
  const home = cleanHome();
  test.after(() => home.remove());
  mkdirSync(join(home.path, '.kube'));
  writeFileSync(join(home.path, '.kube', 'config'), JSON.stringify(kubeconfigOf(url, ['test'])));
  const namespace = objects.find(({ metadata }) => metadata.namespace !== undefined)?.metadata.namespace ?? 'default';
  return {
    home: home.path,
    server: url,
    requests,
    podArguments: ['pod', target, ...(namespace === 'default' ? [] : ['-n', namespace])],
    async run(argv, input = '') {
      let stdout = '';
      let stderr = '';
      const terminal = { isTTY: false, columns: undefined };
      const runtime: Runtime = {
        input: () => Readable.from([Buffer.from(input)]),
        out: { write: (text) => void (stdout += text) },
        err: { write: (text) => void (stderr += text) },
        outTerminal: terminal,
        errTerminal: terminal,
        clock: { now: () => epochNanos(here()), sleep: (millis, signal) => real.sleep(millis, signal) },
        random: (size) => new Uint8Array(size).fill(7),
        fetch: globalThis.fetch,
        env: { HOME: home.path, NO_COLOR: '1' },
        platform: HERE,
        nodejs: { version: process.version, arch: process.arch, isExecutable: false },
        pid: process.pid,
        isAlive: () => true,
        cwd: home.path,
        home: home.path,
        interrupted: new AbortController().signal,
        keepExitCode: () => {},
        takeSignals: () => () => {},
      };
      const exitCode = await run(argv, runtime, '0.1.0');
      return { exitCode, stdout, stderr };
    },
  };
}
