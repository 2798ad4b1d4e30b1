import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { launcher } from '../../support/kubectl-trace.ts';
import type { TestCluster } from '../cluster/cluster.ts';
import { freePorts } from '../cluster/ports.ts';
import type { Command } from './commands.ts';

/** How one command ended, alone and behind `trace`. */
export interface Comparison {
  readonly command: string;
  readonly exitCodes: readonly [kubectl: number | null, trace: number | null];
  /**
   * Standard output and the file that the command writes, byte for byte. kubectl ran before and after: a time that passes
   * changes what it prints.
   */
  readonly sameOutput: boolean;
  /** Both, where they are not the same. */
  readonly outputs?: readonly [kubectl: string, trace: string];
  /** Requests of its trace; null without one. */
  readonly requests: number | null;
  readonly verdict: string | null;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
}

/** Runs commands in one namespace. `cwd` has the files that they read. */
export class Runner {
  readonly #cluster: TestCluster;
  readonly #home: string;
  readonly #cwd: string;
  readonly #node: string;

  constructor(cluster: TestCluster, { home, cwd, node }: { home: string; cwd: string; node: string }) {
    this.#cluster = cluster;
    this.#home = home;
    this.#cwd = cwd;
    this.#node = node;
  }

  async compare(command: Command): Promise<Comparison> {
    const [port] = (await freePorts(1)) as [number];
    const { kubectl } = this.#cluster.binaries;
    const words = (args: readonly string[]): string[] =>
      args.map((word) => word.replace('NODE', this.#node).replace('PORT', String(port)));
    const run = async (program: readonly string[]): Promise<Ended> => {
      for (const args of command.before ?? []) await this.#run([kubectl, ...words(args)], {}, port);
      const { code, stdout } = await this.#run([...program, ...words(command.args)], command, port);
      return { code, stdout: Buffer.concat([stdout, this.#takeFile(command.writes)]) };
    };
    const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-compared-'));
    const file = join(folder, 'trace.json');
    try {
      const first = await run([kubectl]);
      const traced = await run([launcher, '-o', 'json', '--trace-output', file]);
      const same = first.stdout.equals(traced.stdout);
      const second = same ? first : await run([kubectl]);
      const sameOutput = same || second.stdout.equals(traced.stdout);
      const trace = read(file);
      return {
        command: command.name,
        exitCodes: [first.code, traced.code],
        sameOutput,
        ...(!sameOutput && { outputs: [first.stdout.toString(), traced.stdout.toString()] }),
        requests: trace?.requests.length ?? null,
        verdict: trace?.verdict ?? null,
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Its content; the next run has to write it again. */
  #takeFile(name: string | undefined): Buffer {
    if (name === undefined) return Buffer.alloc(0);
    const path = join(this.#cwd, name);
    const content = readFileSync(path);
    rmSync(path);
    return content;
  }

  #run(words: readonly string[], { env, input, terminal, until }: Partial<Command>, port: number): Promise<Ended> {
    const { kubeconfig, backendURL, binaries } = this.#cluster;
    // script(1) gives it a terminal, and prints what comes out of it: without standard error, which has the trace.
    const inTerminal = ['script', '-qec', `${words.join(' ')} 2>/dev/null`, '/dev/null'];
    const [program = '', ...args] = terminal === undefined ? words : inTerminal;
    const child = spawn(program, args, {
      cwd: this.#cwd,
      env: {
        PATH: `${dirname(binaries.kubectl)}:${process.env['PATH']}`,
        HOME: this.#home,
        KUBECONFIG: kubeconfig,
        KUBECTL_TRACE_BACKEND: `jaeger=${backendURL}`,
        TERM: 'dumb',
        ...env,
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    const chunks: Buffer[] = [];
    let isRequested = false;
    let isTyped = terminal === undefined;
    // In a terminal the end of the input would be typed too.
    if (isTyped) child.stdin.end(input ?? '');
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (!isTyped && Buffer.concat(chunks).includes(terminal!.prompt)) {
        isTyped = true;
        child.stdin.write(input ?? '');
      }
      if (until === undefined || isRequested || !/Forwarding from 127|Starting to serve/.test(String(chunk))) return;
      isRequested = true;
      void fetch(`http://127.0.0.1:${port}/healthz`)
        .then((response) => response.text())
        .catch(() => undefined)
        .finally(() => child.kill('SIGINT'));
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      // As a shell counts a signal.
      child.once('close', (code, signal) =>
        resolve({ code: code ?? 128 + constants.signals[signal ?? 'SIGKILL'], stdout: Buffer.concat(chunks) }),
      );
    });
  }
}

interface Trace {
  readonly requests: readonly unknown[];
  readonly verdict: string | null;
}

function read(file: string): Trace | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text === '' ? undefined : (JSON.parse(text) as Trace);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Faults of a comparison, a line each. */
export function faults({ command, exitCodes, sameOutput, requests, verdict }: Comparison, expected: Command): string[] {
  const found: string[] = [];
  if (exitCodes[0] !== exitCodes[1]) found.push(`exit code ${exitCodes[1]} in place of ${exitCodes[0]}`);
  if (sameOutput !== (expected.differs === undefined))
    found.push(sameOutput ? 'the output does not differ' : 'other output');
  if (expected.silent === true ? requests !== null : (requests ?? 0) === 0) found.push(`${requests} requests`);
  if (expected.silent !== true && verdict !== 'complete' && verdict !== 'settled') found.push(`verdict ${verdict}`);
  return found.map((fault) => `${command}: ${fault}`);
}
