import { startServe, type RunningServe, type ServeSettings } from '../support/serve.ts';
import { spansFound } from './readers.ts';
import { pause, type World } from './world.ts';

/** A `serve` that others keep busy responds late: then fewer traces are looked at, and the end looks at all. */
const CHECK_MILLIS = 15_000;

/** The starts of `serve` over one store, one after the other. */
export class Lives {
  readonly #world: World;
  readonly #home: string;
  readonly #args: readonly string[];
  #life = -1;
  #startedAt = 0;
  #running: RunningServe | undefined;
  #isEnding = false;

  constructor(world: World, home: string, args: readonly string[]) {
    this.#world = world;
    this.#home = home;
    this.#args = args;
  }

  /** The last one, which is the longest. */
  get last(): number {
    return this.#life;
  }

  async start(settings: ServeSettings = {}): Promise<void> {
    const serve = await startServe(this.#home, { ...settings, args: [...this.#args, ...(settings.args ?? [])] });
    this.#life++;
    this.#startedAt = performance.now();
    this.#isEnding = false;
    this.#running = serve;
    this.#world.serve = serve;
    // It says nothing like this: the promise settles when it ends.
    void serve.until(/^\0$/).catch((error: unknown) => this.#noteEnd(serve, error));
  }

  #noteEnd(serve: RunningServe, error: unknown): void {
    if (this.#running !== serve || this.#isEnding) return;
    const words = String(error).split('\n').slice(-12).join(' | ').slice(-600);
    this.#world.measures.fault('alive', `serve ended without a request: ${words}`);
    this.#world.serve = undefined;
    this.#running = undefined;
  }

  /** Starts one where there is none. */
  async ensure(): Promise<void> {
    if (this.#running === undefined) await this.start();
  }

  /** Memory and counters, until the world is over. */
  async observe(): Promise<void> {
    const world = this.#world;
    for (let tick = 0; !world.over.aborted; tick++) {
      const serve = this.#running;
      if (serve !== undefined) {
        world.measures.sampleMemory(serve.pid, this.#life, (performance.now() - this.#startedAt) / 1000);
        if (tick % 4 === 0) await this.#readCounts(serve);
      }
      await pause(world, 250);
    }
  }

  async #readCounts(serve: RunningServe): Promise<void> {
    const life = this.#life;
    try {
      const response = await fetch(`${serve.query}/kubectl-trace/serve`, { signal: AbortSignal.timeout(5000) });
      const { removedTraces } = (await response.json()) as { readonly removedTraces: number };
      this.#world.measures.noteRemoved(life, removedTraces);
    } catch {
      this.#world.measures.count('counts not read');
    }
  }

  /** The exit code; null when the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const serve = this.#running;
    if (serve === undefined) return null;
    if (signal !== 'SIGKILL') await this.#readCounts(serve);
    this.#isEnding = true;
    this.#world.serve = undefined;
    this.#running = undefined;
    return serve.end(signal);
  }

  /** Ends it as a crash of the machine would, and starts it again; what was acknowledged before has to be there. */
  async killAndRestart(settings?: ServeSettings): Promise<void> {
    const { ledger, measures } = this.#world;
    await this.end('SIGKILL');
    const acknowledged = ledger.latest(20_000, 200);
    await this.start(settings);
    measures.count('restarts by SIGKILL');
    await this.check('survives', acknowledged);
  }

  async check(name: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
    const serve = this.#running;
    const endsAt = performance.now() + CHECK_MILLIS;
    for (const [id, spans] of acknowledged) {
      if (performance.now() > endsAt) return;
      const found = serve === undefined ? undefined : await spansFound(serve.query, id);
      if (this.#running !== serve) return;
      this.#world.measures.count(`${name}: looked at`);
      if (found !== undefined && found < spans)
        this.#world.measures.fault(name, `trace ${id}: ${found} of ${spans} spans`);
    }
  }
}
