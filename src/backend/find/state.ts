import type { EpochNanos, Nanos } from '../../trace/time.ts';
import type { SpanCollection } from './collection.ts';
import type { TraceLocation } from './locate.ts';
import type { FinishedLookup, LookupEnd, LookupJudgement, Problem, WantedRequest } from './lookup.ts';

/** How the look-up of one request stands. */
export class LookupState<J extends LookupJudgement, R extends WantedRequest> {
  readonly request: R;
  end: LookupEnd | undefined;
  found: TraceLocation | null = null;
  /** The API server's own spans have been seen in that trace: nothing needs to be searched any more. */
  certain = false;
  judgement: J | null = null;
  /** The backend's note about spans left out of its last response; undefined for a complete one. */
  cut: string | undefined;
  problem: Problem | null = null;
  polls = 0;
  /** When the last look-up with a response began. */
  lookedAt: EpochNanos | undefined;
  /** The same for the first look-up with a response after one without. */
  resumedAt: EpochNanos | undefined;
  /** When the last poll of an ended look-up was over; undefined while it goes on. */
  waitedNanos: Nanos | undefined;

  constructor(request: R) {
    this.request = request;
  }

  finish(collection: SpanCollection, waitedNanos: Nanos): FinishedLookup<J, R> {
    const { request, end = 'looked-once', found, judgement, cut, polls, problem } = this;
    return {
      request,
      end,
      found,
      spans: found === null ? [] : collection.spansOf(found.traceID),
      judgement,
      ...(cut !== undefined && { cut }),
      polls,
      waitedNanos: this.waitedNanos ?? waitedNanos,
      problem,
    };
  }
}
