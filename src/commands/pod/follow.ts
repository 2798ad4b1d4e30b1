import { hasFailed } from '../../analysis/attributes.ts';
import { allEventsRequest, podEventsRequest } from '../../kube/api/pod-requests.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import { untilDeadline } from '../../deadline.ts';
import type { Runtime } from '../../runtime.ts';
import { between, nanosFromMillis, type EpochNanos, type Nanos } from '../../trace/time.ts';
import { clusterNow } from './cluster-time.ts';
import type { LookAround } from './gather.ts';
import { nothingAround } from './gather.ts';
import { BURST_MILLIS, endOf, LIST_TIMEOUT_MILLIS, untilListed } from './follow-end.ts';
import { LiveState } from './live-state.ts';
import type { PodReader } from './reader.ts';
import { judgeReading, type Judged, type Measure, type Reading } from './reading.ts';
import type { FoundSubject } from './subject.ts';
import type { FollowEnd } from './pod-report.ts';

export interface Following {
  readonly subject: FoundSubject;
  readonly reader: PodReader;
  readonly around: LookAround;
  readonly untilStuck: Nanos;
  readonly timeout: Nanos;
  /** False without a backend: then no spans are waited for. */
  readonly traced: boolean;
  /** The creating request's spans, as soon as they are there. */
  readonly request: () => Measure['request'];
  /** Resolves when the creating request's spans are there, or will not come. */
  readonly beforeLast: () => Promise<void>;
  /** A picture of how things stand; called at most once a second, and when something has changed. */
  readonly onPicture: (judged: Judged, now: EpochNanos, trouble: string | undefined) => Promise<void>;
}

export interface Followed {
  readonly judged: Judged;
  readonly now: EpochNanos;
  readonly end: FollowEnd | undefined;
}

/** The open bar grows once a second. */
const TICK_MILLIS = 1000;
/** Minimum interval between queries for the objects around the pods. */
const AROUND = nanosFromMillis(5000);
/** A picture waits no longer than this for what is around the pods; the last one waits PATIENT_MILLIS. */
const AROUND_MILLIS = 2000;
/** Servers export spans every 5 s: what has happened is in the backend after this. */
const EXPORT = nanosFromMillis(6500);
const EXPORT_PAUSE_MILLIS = 500;

/** Follows a pod until it is Ready, has ended or is stuck; a workload until its rollout is done or cannot go on; at most until the time is over. */
export async function followPods(following: Following, runtime: Runtime): Promise<Followed> {
  const { subject, reader, timeout } = following;
  const { clock, interrupted } = runtime;
  const startedAt = clock.now();
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, interrupted]);
  const live = new LiveState(subject, reader, runtime);
  const { namespace, name } = subject;
  const events = subject.pod === undefined ? allEventsRequest(namespace) : podEventsRequest(namespace, name);
  const watching = live.watch({ pods: subject.pods, pod: subject.pod, events }, signal);
  const picture = new Picture(following, live, runtime);
  try {
    await untilListed(live, runtime);
    for (;;) {
      const { judged, now } = await picture.take();
      // --timeout is this machine's own elapsed time.
      const left = (timeout - between(startedAt, clock.now())) / 1e6;
      const end = endOf(live, judged, subject, picture.hadPods);
      if (end !== undefined || left <= 0 || interrupted.aborted) {
        const why = interrupted.aborted ? 'interrupted' : (end ?? 'timeout');
        // Later events belong to another lifecycle: the command waits only for the spans of this one.
        done.abort();
        if (why !== 'interrupted') await live.readMissedEvents(events);
        const last = why === 'interrupted' ? { judged, now } : await picture.settle(now);
        // A container that was started again meanwhile does not undo what has ended the following.
        const isUndone = why === 'done' && last.judged.verdict?.state !== judged.verdict?.state;
        return { ...(isUndone ? { judged, now } : last), end: why === 'done' ? undefined : why };
      }
      await following.onPicture(judged, now, live.trouble);
      await live.changed(Math.min(TICK_MILLIS, Math.max(1, left)), interrupted);
      await clock.sleep(BURST_MILLIS, interrupted).catch(() => undefined);
    }
  } finally {
    done.abort();
    await watching;
  }
}

/** One reading after the other, each with the objects around the worst pods, which are queried less often. */
class Picture {
  hadPods = false;
  readonly #following: Following;
  readonly #live: LiveState;
  readonly #runtime: Runtime;
  #around: ReturnType<typeof nothingAround> = nothingAround();
  #endedAt: EpochNanos | undefined;
  #underWay: Promise<boolean> | undefined;
  #queriedAt: EpochNanos | undefined;
  #queriedState = '';
  #last: Reading | undefined;

  constructor(following: Following, live: LiveState, runtime: Runtime) {
    this.#following = following;
    this.#live = live;
    this.#runtime = runtime;
  }

  async take(force = false): Promise<{ readonly judged: Judged; readonly now: EpochNanos }> {
    const { subject } = this.#following;
    const live = this.#live;
    const { object, makers } = live.workload;
    let reading: Reading = {
      subject: { ...subject, object },
      pods: [...live.pods.values()],
      events: live.events,
      makers,
      ...this.#around,
    };
    // A pod that is gone is reported in its last state.
    if (reading.pods.length === 0 && this.#last !== undefined && subject.pod !== undefined)
      reading = { ...this.#last, ...this.#around };
    else if (reading.pods.length > 0) {
      this.hadPods = true;
      this.#last = reading;
    }
    let judged = judgeReading(reading, this.#measure());
    if (this.#isDue(judged.lifecycles, force)) {
      await this.#queryAround(reading, judged.lifecycles, force ? LIST_TIMEOUT_MILLIS : AROUND_MILLIS);
      judged = judgeReading({ ...reading, ...this.#around }, this.#measure());
    }
    return { judged, now: this.#measure().now };
  }

  /** The last picture: with the spans of what has happened last, as soon as servers have exported them. */
  async settle(now: EpochNanos): Promise<{ readonly judged: Judged; readonly now: EpochNanos }> {
    this.#endedAt = now;
    const { clock, interrupted } = this.#runtime;
    await this.#following.beforeLast();
    const startedAt = clock.now();
    let picture = await this.take(true);
    if (!this.#following.traced) return picture;
    while (!interrupted.aborted && !isShownBySpans(picture.judged.lifecycles)) {
      // A state that keeps changing must not be waited for without an end.
      const quiet = between(this.#live.changedAt, clock.now()) >= EXPORT;
      if (quiet || between(startedAt, clock.now()) >= EXPORT) break;
      await clock.sleep(EXPORT_PAUSE_MILLIS, interrupted).catch(() => undefined);
      picture = await this.take(true);
    }
    return picture;
  }

  /** A server that does not respond must not stop the display: the last known state is shown until it does. */
  async #queryAround(reading: Reading, lifecycles: readonly PodLifecycle[], millis: number): Promise<void> {
    this.#queriedAt = this.#runtime.clock.now();
    this.#queriedState = stateOf(lifecycles);
    this.#underWay ??= this.#following.around.around(reading, lifecycles).then((complete) => {
      const { nodes, owners, scheduling, spans, logs } = complete;
      this.#around = { nodes, owners, scheduling, spans, logs };
      this.#underWay = undefined;
      return true;
    });
    await untilDeadline(this.#runtime.clock, millis, this.#underWay);
  }

  #measure(): Measure {
    const request = this.#following.request();
    return {
      now:
        this.#endedAt ?? clusterNow(this.#following.reader.clock, [...this.#live.pods.values()], this.#runtime.clock),
      untilStuck: this.#following.untilStuck,
      ...(request !== undefined && { request }),
    };
  }

  #isDue(lifecycles: readonly PodLifecycle[], force: boolean): boolean {
    if (lifecycles.length === 0) return false;
    if (force || this.#queriedAt === undefined) return true;
    const since = between(this.#queriedAt, this.#runtime.clock.now());
    return since >= AROUND || (stateOf(lifecycles) !== this.#queriedState && since >= nanosFromMillis(TICK_MILLIS));
  }
}

const stateOf = (lifecycles: readonly PodLifecycle[]): string =>
  lifecycles
    .slice(0, 3)
    .map(({ verdict }) => `${verdict.state} ${verdict.stage} ${verdict.cause?.message}`)
    .join('\n');

/** Spans report the step that has ended the following. */
function isShownBySpans([worst]: readonly PodLifecycle[]): boolean {
  // Without a node there is no kubelet to tell of it.
  if (worst === undefined || worst.node === null) return true;
  if (!worst.traced) return false;
  if (worst.verdict.state === 'ready') {
    return worst.stages.some(({ stage, source }) => stage === 'ContainerStart' && source === 'span');
  }
  return worst.trace.spans.some(({ span }) => span.resource.service === 'kubelet' && hasFailed(span));
}
