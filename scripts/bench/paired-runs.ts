import { spawn } from 'node:child_process';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The exit code that is expected; 0 without it. */
  readonly exitCode?: number;
}

/**
 * Runs both in turn, `rounds` times after a few that fill caches, in the opposite order each second time: what runs after
 * something else may be slower. Each pair in milliseconds.
 */
export async function pairedRuns(
  first: Program,
  second: Program,
  rounds: number,
): Promise<readonly (readonly [first: number, second: number])[]> {
  const pairs: (readonly [number, number])[] = [];
  for (let round = -3; round < rounds; round++) {
    const isSwapped = round % 2 !== 0;
    const earlier = (await execute(isSwapped ? second : first)).millis;
    const later = (await execute(isSwapped ? first : second)).millis;
    if (round >= 0) pairs.push(isSwapped ? [later, earlier] : [earlier, later]);
  }
  return pairs;
}

export interface Execution {
  /** When the process was made, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Wall time from before the process is made until it has ended and its output is read. */
  readonly millis: number;
  /** When the first output came, in milliseconds since the epoch; NaN without output. */
  readonly firstOutputAt: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Rejects when the program fails unexpectedly: its time would say nothing. */
export function execute({ command, args, env, exitCode = 0 }: Program): Promise<Execution> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let firstOutputAt = NaN;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout === '') firstOutputAt = performance.timeOrigin + performance.now();
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      const millis = performance.now() - start;
      if (code === exitCode)
        resolve({ startedAt: performance.timeOrigin + start, millis, firstOutputAt, stdout, stderr });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr}`));
    });
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}
