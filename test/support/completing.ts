import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launcher, type Outcome } from './kubectl-trace.ts';

/** A user with kubectl and this plugin on the PATH, as `plugin`, and nothing else. */
export class CompletingUser {
  readonly folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-completing-'));
  readonly env: Record<string, string>;
  readonly #kubectl: string;

  /** `env` names the cluster. No test depends on the speed of the machine, so that kubectl gets a minute. */
  constructor(kubectl: string, plugin = 'kubectl-trace', env: Readonly<Record<string, string>> = {}) {
    this.#kubectl = kubectl;
    mkdirSync(this.bin);
    symlinkSync(kubectl, join(this.bin, 'kubectl'));
    symlinkSync(launcher, join(this.bin, plugin));
    this.env = {
      HOME: this.folder,
      PATH: `${this.bin}:/usr/bin:/bin`,
      KUBECTL_TRACE_COMPLETION_TIMEOUT: '1m',
      ...env,
    };
  }

  /** The folder of the programs. */
  get bin(): string {
    return join(this.folder, 'bin');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  kubectl(...args: readonly string[]): Promise<Outcome> {
    return this.run(this.#kubectl, ...args);
  }

  run(program: string, ...args: readonly string[]): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      execFile(program, args, { env: this.env }, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  /** The values that kubectl offers for the last of these words, and the directive behind them. */
  async offers(
    ...words: readonly string[]
  ): Promise<{ readonly values: readonly string[]; readonly directive: string }> {
    const { stdout, stderr } = await this.kubectl('__complete', ...words);
    // kubectl's own lines, which its scripts hide; a plugin's would stand among them.
    if (!/^(?:\[Debug\] .*\n)*Completion ended with directive: \w+(?:, \w+)*\n$/.test(stderr))
      throw new Error(`standard error: ${stderr}`);
    const lines = stdout.trimEnd().split('\n');
    return { values: lines.slice(0, -1).map((line) => line.replace(/\t.*/, '')), directive: lines.at(-1) ?? '' };
  }
}
