import type { TraceID } from '../../trace/ids.ts';
import { between, type EpochNanos } from '../../trace/time.ts';
import type { Lookup, TraceBackend } from '../backend.ts';
import { boundText, MAX_BODY_BYTES } from '../../response-bounds.ts';
import { SpanCollection } from './collection.ts';
import { wrapped } from './deadline.ts';
import { locate, locateTrace, whereAmongOurs, type Located } from './locate.ts';
import { LookupState } from './state.ts';
import type { AwaitTracesOptions, LookupJudgement, LookupProgress, Problem, WantedRequest } from './lookup.ts';

/** This many requests are looked up at once: a command may have hundreds. */
const SIDE_BY_SIDE = 8;

const TOO_MUCH = {
  status: 'failed',
  reason: 'BackendAnswerTooLarge',
  message: `the trace backend returned more than ${boundText(MAX_BODY_BYTES)} of spans`,
} as const;

/** The polls of a look-up, one after the other: the requests of each, and the state after it. */
export class LookupRound<J extends LookupJudgement, R extends WantedRequest> {
  readonly states: readonly LookupState<J, R>[];
  readonly collection = new SpanCollection();
  polls = 0;
  backendWorked = false;
  dropped = 0;
  /** State of the last poll. */
  unavailable = false;
  /** The same, and no connection could be made. */
  unconnected = false;
  retryAfterMillis: number | undefined;
  readonly #options: AwaitTracesOptions<J, R>;
  readonly #startedAt: EpochNanos;
  readonly #signal: AbortSignal;

  /** `signal` aborts when no more requests may be sent. */
  constructor(options: AwaitTracesOptions<J, R>, startedAt: EpochNanos, signal: AbortSignal) {
    this.#options = options;
    this.#startedAt = startedAt;
    this.#signal = signal;
    this.states = options.requests.map((request) => new LookupState<J, R>(request));
  }

  async look(states: readonly LookupState<J, R>[], backend: TraceBackend, thorough: boolean): Promise<void> {
    if (this.#signal.aborted) return;
    this.polls++;
    this.unavailable = false;
    this.unconnected = false;
    this.retryAfterMillis = undefined;
    const shared = sharingTraces(backend);
    const queue = [...states];
    const worker = async (): Promise<void> => {
      for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
        await this.#lookFor(state, shared, thorough);
      }
    };
    await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, states.length) }, worker));
    // Judged together, when the round's spans are all in: requests share a trace.
    for (const state of states) this.#judge(state);
  }

  /** For requests that could not be looked up: they may be in what was found for others. */
  matchWithoutAsking(states: readonly LookupState<J, R>[]): void {
    for (const state of states) {
      const { keys } = state.request;
      if (state.found !== null || !('spanID' in keys)) continue;
      if (whereAmongOurs(this.collection.spansOf(keys.traceID), keys) === undefined) continue;
      state.found = { traceID: keys.traceID, foundBy: 'trace-id' };
      this.#judge(state);
    }
  }

  progress(): LookupProgress {
    const traces = new Set(this.states.flatMap(({ found }) => (found === null ? [] : [found.traceID])));
    const spans = [...traces].flatMap((id) => this.collection.spansOf(id));
    const problem = this.states.find((state) => state.problem !== null)?.problem;
    return {
      spans: spans.length,
      services: [...Map.groupBy(spans, ({ resource }) => resource.service)].map(([service, own]) => ({
        service,
        spans: own.length,
      })),
      polls: this.polls,
      waitedMillis: between(this.#startedAt, this.#options.clock.now()) / 1e6,
      waitingFor: this.states.find((state) => state.end === undefined && state.judgement?.waitingFor !== undefined)
        ?.judgement?.waitingFor,
      ...(problem != null && !this.backendWorked && { problem }),
    };
  }

  async #lookFor(state: LookupState<J, R>, backend: TraceBackend, thorough: boolean): Promise<void> {
    const { clock } = this.#options;
    const known = state.certain && state.found !== null ? { known: state.found } : {};
    const now = clock.now();
    const { keys } = state.request;
    const located =
      'spanID' in keys
        ? await locate(keys, backend, { now, thorough, ...known }, this.#signal)
        : await locateTrace(keys.traceID, backend, this.#signal);
    if (located.status === 'unavailable' && this.#signal.aborted) {
      // An interruption says nothing about the backend. The deadline does not either, unless it has never responded at
      // all.
      if (!this.#options.signal.aborted && !this.backendWorked) state.problem ??= this.#unanswered(backend);
      return;
    }
    state.polls++;
    if (located.status === 'found' || located.status === 'absent') {
      this.backendWorked = true;
      state.lookedAt = now;
      if (state.problem !== null) state.resumedAt = now;
      state.problem = null;
    }
    this.#note(state, located);
  }

  #unanswered({ url }: TraceBackend): Problem {
    const seconds = between(this.#startedAt, this.#options.deadline) / 1e9;
    return { status: 'unavailable', message: `${url} did not respond within ${Number(seconds.toFixed(1))}s` };
  }

  #note(state: LookupState<J, R>, located: Located): void {
    switch (located.status) {
      case 'found':
        this.dropped = Math.max(this.dropped, located.dropped ?? 0);
        state.cut = located.cut;
        state.found = { traceID: located.traceID, foundBy: located.foundBy };
        state.certain = located.certain;
        this.collection.add(located.spans, this.#options.clock.now());
        if (this.collection.isFull) {
          state.problem = TOO_MUCH;
          this.#end(state, 'failed');
        }
        return;
      case 'absent':
        return;
      case 'unavailable':
        this.unavailable = true;
        this.unconnected = located.unconnected === true;
        if (located.retryAfterMillis !== undefined) {
          this.retryAfterMillis = Math.max(this.retryAfterMillis ?? 0, located.retryAfterMillis);
        }
        state.problem = located;
        return;
      case 'failed':
        state.problem = located;
        this.#end(state, 'failed');
        return;
    }
  }

  #judge(state: LookupState<J, R>): void {
    const { found, request } = state;
    if (found === null) return;
    const { clock, judge } = this.#options;
    const now = clock.now();
    state.judgement = judge({
      request,
      found,
      spans: this.collection.spansOf(found.traceID),
      quietMillis: this.#quietMillis(state, found.traceID),
      sinceAnswerMillis: between(request.answeredAt, now) / 1e6,
    });
    const { verdict } = state.judgement;
    if (verdict !== 'waiting' && request.awaited) this.#end(state, verdict);
  }

  /** Silence counts up to the last request with a response, and never across one without. */
  #quietMillis({ lookedAt, resumedAt }: LookupState<J, R>, traceID: TraceID): number {
    const changedAt = this.collection.changedAt(traceID);
    if (lookedAt === undefined || changedAt === undefined) return 0;
    const since = resumedAt !== undefined && resumedAt > changedAt ? resumedAt : changedAt;
    return Math.max(0, between(since, lookedAt) / 1e6);
  }

  #end(state: LookupState<J, R>, end: 'complete' | 'settled' | 'failed'): void {
    if (state.end !== undefined) return;
    state.end = end;
    state.waitedNanos = between(this.#startedAt, this.#options.clock.now());
  }
}

/** Requests of a command share a trace: within one poll it is fetched once. */
function sharingTraces(backend: TraceBackend): TraceBackend {
  const lookups = new Map<TraceID, Promise<Lookup>>();
  return wrapped(backend, {
    byID: (id, signal) => {
      let lookup = lookups.get(id);
      if (lookup === undefined) lookups.set(id, (lookup = backend.byID(id, signal)));
      return lookup;
    },
    search: (query, signal) => backend.search(query, signal),
  });
}
