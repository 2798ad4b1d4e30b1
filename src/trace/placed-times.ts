import type { SpanID } from './ids.ts';
import { hasEnded } from './ended.ts';
import type { Span } from './span.ts';
import { after, measurable, type EpochNanos, type Nanos } from './time.ts';
import type { ClockCorrection, NoteCode, TraceInput } from './trace.ts';

export type TakeNote = (code: NoteCode, id: SpanID) => void;

export const startOf = ({ start, span, clock }: TraceInput): EpochNanos => corrected(start ?? span.start, clock);
export const endOf = ({ end, span, clock }: TraceInput): EpochNanos => corrected(end ?? span.end, clock);

const corrected = (time: EpochNanos, clock: ClockCorrection | undefined): EpochNanos =>
  clock === undefined ? time : after(time, clock.nanos);

/** How far a time is from the trace's start once its clock is corrected; undefined when it cannot be placed. */
function offsetOf(time: EpochNanos, clock: ClockCorrection | undefined, startedAt: EpochNanos): Nanos | undefined {
  const offset = measurable(startedAt, time);
  if (clock === undefined) return offset;
  const moved = (offset ?? NaN) + clock.nanos;
  return Number.isSafeInteger(moved) ? (moved as Nanos) : measurable(startedAt, corrected(time, clock));
}

/** Where spans are on the trace's axis, by their positions. */
export interface Times {
  /** Nanoseconds. */
  readonly offset: Float64Array;
  readonly duration: Float64Array;
  /** 1 where that is not what the process reported. */
  readonly moved: Uint8Array;
  /** 1 where a span has not ended, as far as is known. */
  readonly unended: Uint8Array;
  /** How many have not. */
  open: number;
}

/** Times that cannot be placed leave a span where the trace starts, or without a duration; there is no better guess. */
export function timesOf(inputs: readonly TraceInput[], startedAt: EpochNanos, note: TakeNote): Times {
  const times = {
    offset: new Float64Array(inputs.length),
    duration: new Float64Array(inputs.length),
    moved: new Uint8Array(inputs.length),
    unended: new Uint8Array(inputs.length),
    open: 0,
  };
  for (let position = 0; position < inputs.length; position++) {
    const input = inputs[position] as TraceInput;
    const { span, clock } = input;
    const start = input.start ?? span.start;
    const end = input.end ?? span.end;
    const offset = offsetOf(start, clock, startedAt);
    const toEnd = offsetOf(end, clock, startedAt);
    const length = offset === undefined || toEnd === undefined ? undefined : toEnd - offset;
    const isOpen = input.ended === undefined ? offset !== undefined && isUnended(input, end, length) : !input.ended;
    if (isOpen) {
      note(whyUnended(span, length), span.spanID);
      times.unended[position] = 1;
      times.open++;
    } else if (length === undefined) note('out-of-range', span.spanID);
    // Two offsets are exact, but the time from far before the trace to far after it need not be.
    const duration = Math.min(Math.max(0, length ?? 0), Number.MAX_SAFE_INTEGER);
    times.offset[position] = offset ?? 0;
    times.duration[position] = duration;
    const isMoved = start !== span.start || end !== span.end || (clock?.nanos ?? 0) !== 0 || duration !== length;
    if (isMoved) times.moved[position] = 1;
  }
  return times;
}

/** The times as the process reported them decide, even where they were corrected. */
const isUnended = (
  { span, source, inferred, ...given }: TraceInput,
  end: bigint,
  length: number | undefined,
): boolean =>
  given.end === undefined
    ? end === 0n || length === undefined || length < 0
    : source === 'span' && !inferred && !hasEnded(span);

function whyUnended({ start, end }: Span, length: number | undefined): NoteCode {
  if (end === 0n) return 'not-ended';
  return end < start || (length ?? 0) < 0 ? 'negative-duration' : 'out-of-range';
}
