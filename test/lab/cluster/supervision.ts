import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CleanUp, Order, Report, StartServer } from './supervisor.ts';

type OrderBody = { start: StartServer } | { end: string } | { awaitEnd: string } | { afterwards: CleanUp };
type Answer = Omit<Extract<Report, { id: number }>, 'id'>;

/** A process of the supervisor; `ended` says how, and is undefined while it runs. */
export interface Supervised {
  readonly pid: number;
  readonly ended: string | undefined;
}

/** The near end of the channel to supervisor.ts. It does not keep this process alive. */
export class Supervision {
  /** Removed with everything in it when the supervision ends. */
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #servers = new Map<string, { pid: number; ended: string | undefined }>();
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #lastOrder = 0;

  private constructor(child: ChildProcess, folder: string) {
    this.#process = child;
    this.folder = folder;
    this.#gone = new Promise((resolve) => child.once('exit', () => resolve()));
    child.on('message', (report: Report) => this.#take(report));
    child.on('error', (error) => this.#fail(String(error)));
    child.once('exit', () => this.#fail("the test cluster's supervisor ended"));
    child.unref();
    child.channel?.unref();
  }

  static async begin(): Promise<Supervision> {
    const child = fork(fileURLToPath(new URL('supervisor.ts', import.meta.url)), {
      // Its own group: Ctrl-C in a terminal reaches only this process, which then ends the servers in order.
      detached: true,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const folder = await new Promise<string>((resolve, reject) => {
      const failed = (reason: unknown): void =>
        reject(new Error(`the test cluster's supervisor ended: ${String(reason)}`));
      child.once('error', failed);
      child.once('exit', failed);
      child.once('message', (report: Report) => {
        child.off('error', failed).off('exit', failed);
        resolve((report as { folder: string }).folder);
      });
    });
    return new Supervision(child, folder);
  }

  async start(server: StartServer): Promise<void> {
    const { pid } = await this.#order({ start: server });
    this.#servers.set(server.name, { pid: pid!, ended: undefined });
  }

  /** The supervisor's process ID, which lives as long as what it owns. */
  get pid(): number {
    return this.#process.pid!;
  }

  /** Has this program run when all servers have ended, however that comes about. */
  async afterwards(cleanUp: CleanUp): Promise<void> {
    await this.#order({ afterwards: cleanUp });
  }

  /** Ends a process, by SIGTERM first and SIGKILL when that does not help; resolves when it is gone. */
  async end(name: string): Promise<void> {
    await this.#order({ end: name });
  }

  /** Waits until a process ends without a signal from here; resolves with its signal or `exit status N`. */
  async awaitEnd(name: string): Promise<string> {
    return (await this.#order({ awaitEnd: name })).how!;
  }

  server(name: string): Supervised | undefined {
    return this.#servers.get(name);
  }

  /** Ends everything; resolves when every process is gone and the folder removed. */
  async finish(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.ref();
    if (this.#process.connected) this.#process.disconnect();
    await this.#gone;
  }

  async #order(order: OrderBody): Promise<Answer> {
    const id = (this.#lastOrder += 1);
    this.#process.channel?.ref();
    try {
      const answer = await new Promise<Answer>((resolve) => {
        this.#answers.set(id, resolve);
        this.#process.send({ id, ...order } satisfies Order, (error) => {
          if (error) resolve({ error: String(error) });
        });
      });
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer;
    } finally {
      this.#answers.delete(id);
      if (this.#answers.size === 0) this.#process.channel?.unref();
    }
  }

  #fail(error: string): void {
    for (const answer of this.#answers.values()) answer({ error });
  }

  #take(report: Report): void {
    if ('id' in report) this.#answers.get(report.id)?.(report);
    else if ('ended' in report) {
      const server = this.#servers.get(report.ended);
      if (server !== undefined) server.ended = report.how;
    }
  }
}
