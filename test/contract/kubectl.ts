import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Outcome {
  readonly stdout: string;
  /** Without the log lines (`E1123 …`) that client-go writes whenever it repeats discovery. */
  readonly stderr: string;
  /** With them. */
  readonly log: string;
  readonly exitCode: number;
}

/** Runs the real kubectl with an empty home, so that nothing of this machine's configuration or caches counts. */
export async function runKubectl(
  binary: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input = '',
  cwd?: string,
): Promise<Outcome> {
  const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-home-'));
  const outcome = await new Promise<Outcome>((resolve) => {
    const options = { env: { HOME: home, ...env }, timeout: 30_000, ...(cwd !== undefined && { cwd }) };
    const child = execFile(binary, [...args], options, (error, stdout, log) => {
      const stderr = log
        .split('\n')
        .filter((line) => !/^[EWI]\d{4} /.test(line))
        .join('\n')
        .trimEnd();
      resolve({ stdout, stderr, log, exitCode: error === null ? 0 : Number(error.code ?? 1) });
    });
    child.stdin?.end(input);
  });
  await rm(home, { recursive: true, force: true });
  return outcome;
}
