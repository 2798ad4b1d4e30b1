import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Task, WorkerMessage } from './messages.ts';

const PROGRAM = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Enough for every target, and little enough that a leak of an hour ends the process. */
const HEAP_MEGABYTES = 512;

/** A worker as its parent has it. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  #stderr = '';
  #ended: Promise<string> | undefined;
  #listener: (message: WorkerMessage) => void = () => {};

  constructor() {
    this.#child = fork(PROGRAM, [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--expose-gc', `--max-old-space-size=${HEAP_MEGABYTES}`, '--no-warnings'],
    });
    this.#child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (this.#stderr = (this.#stderr + text).slice(-4000)));
    this.#child.on('message', (message: WorkerMessage) => this.#listener(message));
    // A task that is sent while the process ends.
    this.#child.on('error', () => undefined);
  }

  /** Only the last listener hears. */
  onMessage(listener: (message: WorkerMessage) => void): void {
    this.#listener = listener;
  }

  send(task: Task): void {
    if (this.#child.connected) this.#child.send(task);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when it has ended, with why. */
  ended(): Promise<string> {
    return (this.#ended ??= this.#end());
  }

  async #end(): Promise<string> {
    if (!this.hasEnded) await once(this.#child, 'exit');
    const how = this.#child.signalCode ?? `exit code ${this.#child.exitCode}`;
    const [fatal] = /^.*(?:FATAL ERROR|Error:|panic).*$/m.exec(this.#stderr) ?? [];
    return fatal === undefined ? how : `${how}: ${fatal.trim().slice(0, 200)}`;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended();
  }
}
