import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program that is tested: what npm installs, or the executable that `npm run test:executable` names. */
export const launcher =
  process.env['KUBECTL_TRACE_PROGRAM'] ?? fileURLToPath(new URL('../../bin/kubectl-trace', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that paths on the command line start from; that of the tests without it. */
  readonly cwd?: string;
  /** Standard input; nothing without it. */
  readonly input?: string;
  /** Called as soon as something is on standard error; to interrupt a command that is under way. */
  readonly onStart?: (child: ChildProcess) => void;
}

/**
 * A separate home folder for one test file: no kubeconfig, no cache, no configuration of the user who runs the tests.
 */
export function cleanHome(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'kubectl-trace-home-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs the built program, as a user's shell would, in an environment that holds nothing but PATH, HOME and `env`. */
export function kubectlTrace(home: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(launcher, args, {
      env: { PATH: process.env['PATH'], HOME: home, NO_COLOR: '1', ...options.env },
      cwd: options.cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A program that does not read it ends before all of it is written.
    child.stdin.on('error', () => undefined).end(options.input ?? '');
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    options.onStart?.(child);
  });
}
