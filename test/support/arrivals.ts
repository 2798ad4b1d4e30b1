import type { Resource, Span } from '../../src/trace/span.ts';
import { after, nanosFromMillis, type EpochNanos } from '../../src/trace/time.ts';
import { seededRandom } from './seeded-random.ts';

/** Spans that become visible in a backend at the same instant. */
export interface Arrival {
  readonly at: EpochNanos;
  readonly spans: readonly Span[];
}

/** How spans travel. The probabilities are of one batch each, and 0 by default. */
export interface Travel {
  readonly seed: number;
  /** Export interval of a process's batch processor: 5000 by default, as in OpenTelemetry. */
  readonly exportMillis?: number;
  /** A batch of this many spans does not wait for its interval: 512 by default, as in OpenTelemetry. */
  readonly batchSize?: number;
  /** Maximum time on the way of each batch, so that batches overtake each other: 10000 by default. */
  readonly mostDelayMillis?: number;
  /** A collector splits it into two, which travel separately. */
  readonly split?: number;
  /** A collector sends it again, because it has received no response. */
  readonly duplicate?: number;
  /** A queue was full. */
  readonly lose?: number;
}

/** As batch processors and collectors deliver: by process, in the order in which spans end, each process at its own beat. */
export function batchArrivals(spans: readonly Span[], travel: Travel): Arrival[] {
  const { mostDelayMillis = 10_000, split = 0, duplicate = 0, lose = 0 } = travel;
  const random = seededRandom(travel.seed);
  const arrivals: Arrival[] = [];
  const send = ({ at, spans: sent }: Arrival): void => {
    if (random() < lose) return;
    const times = random() < duplicate ? 2 : 1;
    for (let time = 0; time < times; time++) {
      arrivals.push({ at: after(at, nanosFromMillis(random() * mostDelayMillis)), spans: sent });
    }
  };
  for (const process of byProcess(spans)) {
    for (const batch of batches(process, travel, random())) {
      const middle = Math.ceil(random() * (batch.spans.length - 1));
      const parts =
        random() < split && middle > 0 ? [batch.spans.slice(0, middle), batch.spans.slice(middle)] : [batch.spans];
      for (const part of parts) send({ ...batch, spans: part });
    }
  }
  return inTime(arrivals);
}

/** As no backend should: every span alone, in any order, within `millis` of the last one's end. */
export function singleArrivals(spans: readonly Span[], { seed, millis }: { seed: number; millis: number }): Arrival[] {
  const random = seededRandom(seed);
  const last = spans.reduce<EpochNanos | undefined>(
    (end, span) => (end !== undefined && end > span.end ? end : span.end),
    undefined,
  );
  if (last === undefined) return [];
  return inTime(spans.map((span) => ({ at: after(last, nanosFromMillis(random() * millis)), spans: [span] })));
}

function inTime(arrivals: Arrival[]): Arrival[] {
  return arrivals.sort((one, other) => Number(one.at - other.at));
}

function byProcess(spans: readonly Span[]): Span[][] {
  const processes = new Map<string, Span[]>();
  const keyOf = ({ service, attributes }: Resource): string => `${service} ${JSON.stringify(attributes)}`;
  for (const span of spans) {
    const key = keyOf(span.resource);
    const process = processes.get(key);
    if (process === undefined) processes.set(key, [span]);
    else process.push(span);
  }
  return [...processes.values()];
}

/** A process's spans as it exports them; `phase` (0 to 1) is where in its interval it was at the epoch. */
function batches(process: readonly Span[], travel: Travel, phase: number): Arrival[] {
  const { exportMillis = 5000, batchSize = 512 } = travel;
  const interval = BigInt(nanosFromMillis(exportMillis));
  const shift = BigInt(Math.floor(phase * Number(interval)));
  /** The first beat at or after an instant. */
  const beat = (instant: EpochNanos): EpochNanos => {
    const early = (instant - shift) % interval;
    return early === 0n ? instant : ((instant + interval - early) as EpochNanos);
  };
  const exported: { at: EpochNanos; spans: Span[] }[] = [];
  for (const span of process.toSorted((one, other) => Number(one.end - other.end))) {
    const at = beat(span.end);
    const open = exported.at(-1);
    if (open === undefined || open.at !== at || open.spans.length === batchSize) exported.push({ at, spans: [span] });
    else open.spans.push(span);
  }
  return exported.map(({ at, spans }) => ({ at: spans.length === batchSize ? (spans.at(-1) as Span).end : at, spans }));
}
