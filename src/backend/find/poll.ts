import { between, nanosFromMillis } from '../../trace/time.ts';
import { withTimeout } from './deadline.ts';
import type { AwaitedTraces, AwaitTracesOptions, LookupEnd, LookupJudgement, WantedRequest } from './lookup.ts';
import { LookupRound } from './round.ts';
import type { LookupState } from './state.ts';
import { pauseBeforePoll } from './pause.ts';
import { withDeadline } from '../../deadline.ts';

/** The last poll begins this long before the deadline, or a tenth of the whole time where that is less. */
const LAST_LOOK_MILLIS = 300;
/** From here on a poll also tries what costs more. */
const THOROUGH_AFTER_MILLIS = 2000;
const LOOK_ONCE_MILLIS = 1000;
/** The longest pause while no connection could be made yet: a refusal costs nothing. */
const CONNECT_PAUSE_MILLIS = 500;

/**
 * Polls a backend until the judge is content with every awaited request, or the deadline, an interruption or a lasting
 * failure ends it. Never rejects.
 */
export async function awaitTraces<J extends LookupJudgement, R extends WantedRequest>(
  options: AwaitTracesOptions<J, R>,
): Promise<AwaitedTraces<J, R>> {
  const { clock, deadline, signal } = options;
  const millis = Math.max(0, between(clock.now(), deadline) / 1e6);
  return withDeadline(clock, millis, signal, (both) => pollTraces(options, both));
}

/** `both` aborts at the deadline, or when the caller's signal does. */
async function pollTraces<J extends LookupJudgement, R extends WantedRequest>(
  options: AwaitTracesOptions<J, R>,
  both: AbortSignal,
): Promise<AwaitedTraces<J, R>> {
  const { backend, clock, deadline, signal, giveUp, once = false, connectMillis = Infinity, onProgress } = options;
  const startedAt = clock.now();
  const waitedMillis = (): number => between(startedAt, clock.now()) / 1e6;
  const leftMillis = (): number => between(clock.now(), deadline) / 1e6;
  const lastLook = Math.min(LAST_LOOK_MILLIS, leftMillis() / 10);
  const round = new LookupRound(options, startedAt, both);
  const awaited = round.states.filter(({ request }) => request.awaited);
  const others = round.states.filter(({ request }) => !request.awaited);

  let pause: number | undefined;
  let last = once || leftMillis() <= lastLook;
  for (;;) {
    const open = awaited.filter((state) => state.end === undefined);
    if (open.length === 0) break;
    const givenUp = giveUp?.aborted === true;
    const thorough = last || givenUp || waitedMillis() >= THOROUGH_AFTER_MILLIS;
    await round.look(last ? [...open, ...others] : open, backend, thorough);
    const found = awaited.some((state) => state.found !== null);
    const neverConnected = round.unconnected && !round.backendWorked;
    if (neverConnected && waitedMillis() >= connectMillis) endAll(awaited, 'failed');
    else onProgress?.(round.progress());
    if (signal.aborted) endAll(awaited, 'interrupted');
    else if (last || leftMillis() <= 0) endAll(awaited, 'deadline');
    // A poll without a response proves nothing.
    else if (givenUp && !found && !round.unavailable) endAll(awaited, 'given-up');
    if (awaited.every((state) => state.end !== undefined)) break;

    const retryAfter = round.retryAfterMillis;
    const facts = { previous: pause, arriving: found, unavailable: round.unavailable, retryAfter };
    pause = pauseBeforePoll({ ...facts, waited: waitedMillis() });
    if (neverConnected) pause = Math.min(pause, CONNECT_PAUSE_MILLIS, connectMillis - waitedMillis());
    const left = leftMillis() - lastLook;
    if (retryAfter !== undefined && retryAfter > left) {
      // The next request would come before the pause that the backend requested is over.
      endAll(awaited, 'deadline');
      break;
    }
    if (pause >= left) {
      pause = Math.max(0, left);
      last = true;
    }
    const wakers = giveUp === undefined || givenUp || found ? [signal] : [signal, giveUp];
    await clock.sleep(pause, AbortSignal.any(wakers)).catch(() => undefined);
    if (signal.aborted) endAll(awaited, 'interrupted');
  }

  const worthAsking = !round.unavailable && !awaited.some(({ end }) => end === 'failed');
  if (!last && !signal.aborted && worthAsking && others.length > 0) {
    await round.look(others, withTimeout(backend, LOOK_ONCE_MILLIS, clock), true);
  }
  round.matchWithoutAsking(others);
  const waitedNanos = nanosFromMillis(waitedMillis());
  return {
    lookups: round.states.map((state) => state.finish(round.collection, waitedNanos)),
    polls: round.polls,
    waitedNanos,
    backendWorked: round.backendWorked,
    dropped: round.dropped,
  };
}

function endAll<J extends LookupJudgement, R extends WantedRequest>(
  states: readonly LookupState<J, R>[],
  end: LookupEnd,
): void {
  for (const state of states) state.end ??= end;
}
