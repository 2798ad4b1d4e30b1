import { nanos, type Nanos } from '../../trace/time.ts';
import {
  isReported,
  type ClockCorrection,
  type ClockOffset,
  type PlacedSpan,
  type Trace,
  type TraceInput,
} from '../../trace/trace.ts';
import { callsBetweenProcesses, type Call, type Process } from './process.ts';

/** A server ends its span when its handler returns, a little after the client has the complete response. */
export const END_SLACK = nanos(300_000);

/** How far ahead the clock of the called process is, by one call or by several. */
export interface Measured {
  /** By what a call shows: any offset between these puts the called span into its caller's. */
  readonly lowest: number;
  readonly highest: number;
  /** The lowest that needs none of the slack, where there is one. */
  readonly snug: number;
}

/** Required fields of a call. */
type Bracket = Omit<Call, 'called'> & { readonly called: Pick<PlacedSpan, 'offset' | 'duration'> };

/**
 * A call brackets the span that serves it: the span starts after the request was sent, and ends before the response was
 * received, with a little slack.
 *
 *     caller      |------------------|         lowest offset: the called span ends with the caller's
 *     called                |-----|            highest: it starts with it
 *
 * A called span that is longer than the call (the caller gave up) only starts within it.
 */
export function measure({ from, to, called, completed }: Bracket): Measured {
  const end = called.offset + called.duration;
  const highest = called.offset - from;
  const lowest = end - to - END_SLACK;
  if (!completed || lowest > highest) return { lowest: called.offset - to, highest, snug: called.offset - to };
  return { lowest, highest, snug: Math.min(end - to, highest) };
}

interface Together extends Measured {
  /** By how much the calls contradict each other; 0 if they do not. */
  readonly error: number;
}

/** Calls that cannot all be right (clocks drift, spans end late) leave the range between what they say. */
function together(calls: readonly Call[]): Together {
  let lowest = -Infinity;
  let highest = Infinity;
  let snug = -Infinity;
  for (const call of calls) {
    const measured = measure(call);
    lowest = Math.max(lowest, measured.lowest);
    highest = Math.min(highest, measured.highest);
    snug = Math.max(snug, measured.snug);
  }
  if (lowest > highest) return { lowest: highest, highest: lowest, snug: highest, error: lowest - highest };
  return { lowest, highest, snug: Math.min(snug, highest), error: 0 };
}

/**
 * The smallest correction that makes it fit; none where it fits as it is. Calls contradict each other where times were taken
 * late: an offset smaller than that error is not one.
 */
function correctionFor({ lowest, highest, snug, error }: Together): number {
  if (Math.max(lowest, -highest) <= error) return 0;
  if (lowest > 0) return -snug;
  return highest < 0 ? -highest : 0;
}

/**
 * The inputs with wrong clocks corrected, each against the clock of the process that called it first. A process that
 * agrees with a corrected one moves along. Offsets that the calls do not contradict stay. The same inputs where every
 * clock agrees. `connectedAfter`: when a client span of this command was connected, null without a response. Linear.
 */
export function withClocksCorrected(
  inputs: readonly TraceInput[],
  trace: Trace,
  connectedAfter: ReadonlyMap<TraceInput['span'], Nanos | null> = new Map(),
): readonly TraceInput[] {
  const { processOf, calls } = callsBetweenProcesses(trace, connectedAfter);
  const corrections = new Map<Process, ClockCorrection>();
  // Callers come before those they call.
  for (const [process, { caller, calls: own }] of calls) {
    const inherited = corrections.get(caller);
    const measured = own.length === 0 ? undefined : together(own);
    const correction = measured === undefined ? 0 : correctionFor(measured);
    if (measured !== undefined && correction !== 0) {
      const offset = offsetOf(measured, process, caller);
      corrections.set(process, { nanos: nanos((inherited?.nanos ?? 0) + correction), offset });
    } else if (inherited !== undefined) corrections.set(process, inherited);
  }
  if (corrections.size === 0) return inputs;
  return inputs.map((input): TraceInput => {
    const process = isReported(input.source) ? processOf(input.span.resource) : undefined;
    const clock = process === undefined ? undefined : corrections.get(process);
    return clock === undefined ? input : { ...input, clock };
  });
}

function offsetOf({ lowest, highest }: Measured, process: Process, caller: Process): ClockOffset {
  return { service: process.service, caller: caller.service, lowest: nanos(lowest), highest: nanos(highest) };
}

/** A clock that is off, and the first span of its process. */
export interface FoundClockOffset extends ClockOffset {
  readonly span: PlacedSpan;
}

/** The clocks of a trace that were found to be off, in the trace's order. */
export function clockOffsets({ spans }: Trace): readonly FoundClockOffset[] {
  const found = new Map<ClockOffset, FoundClockOffset>();
  for (const span of spans) {
    const offset = span.clock?.offset;
    if (offset !== undefined && !found.has(offset)) found.set(offset, { ...offset, span });
  }
  return [...found.values()];
}
