import type { LoggedTimes } from '../../../codec/apiserver-log/log.ts';
import type { LoggedRequest } from '../../../codec/apiserver-log/http-line.ts';
import type { LoggedItem, LoggedTrace } from '../../../codec/apiserver-log/trace-block.ts';
import { COMPONENT_ATTRIBUTE, type Component } from '../../../analysis/timing/component.ts';
import { unreported } from '../../../analysis/timing/unreported.ts';
import type { RequestReport } from '../../../report/report.ts';
import { deriveSpanID, type TraceID } from '../../../trace/ids.ts';
import type { Attributes, Resource, Span } from '../../../trace/span.ts';
import { after, between, epochNanos, nanos, type EpochNanos } from '../../../trace/time.ts';
import type { TraceInput } from '../../../trace/trace.ts';

/** Offsets of time zones are multiples of this. */
const QUARTER = 15n * 60n * 1_000_000_000n;
const DAY_MILLIS = 86_400_000;
const RESOURCE: Resource = { service: 'apiserver', attributes: { 'service.name': 'apiserver' } };

/** The request that a log has, and where it was sent. */
export interface LoggedBy {
  readonly request: RequestReport;
  readonly traceID: TraceID;
  /** By the client's clock. */
  readonly sentAt: EpochNanos;
}

/**
 * The rows of one request by the API server's log. The line about the request has its time as a whole, which is exact.
 * The block of a slow request has its handler, the traces within that, and steps, to the millisecond: a step ends with its
 * mark. Both are in the time zone of the server, which the time of the client shows.
 *
 *     POST …/secrets                |-----------------------------------|     the line "HTTP"
 *     Create                          |------------------------------|        Trace[…]
 *     Call mutating webhook             |------------------|
 *     until: Request completed          |-----------------|
 *     until: Object stored                                 |------|
 */
export function logRows({ http, trace }: LoggedTimes, by: LoggedBy): readonly TraceInput[] {
  const { request, traceID, sentAt } = by;
  const whole = http && periodOf(http, sentAt);
  const shift = trace && zoneShift(instantOf(trace.localMillis), sentAt);
  const instant = (millis: number): EpochNanos => epochNanos(instantOf(millis) - (shift ?? 0n));
  const began = trace && instant(trace.localMillis);
  const period = whole ?? (trace && began && { start: began, end: after(began, trace.took) });
  if (period === undefined) return [];
  const root: Span = {
    ...bare(traceID),
    ...period,
    spanID: deriveSpanID(request.spanID, 'log'),
    parentSpanID: request.spanID,
    name: `${request.method} ${request.path}`,
    kind: 'server',
    attributes: { 'http.request.method': request.method, 'url.path': request.path },
  };
  const top: TraceInput = { span: root, source: 'log', inferred: false, precision: whole ? 'exact' : 'inferred' };
  return [top, ...(trace === undefined ? [unknownWork(root)] : new BlockRows(trace, { root, instant }).rows)];
}

/** Quick requests have no block. */
function unknownWork(root: Span): TraceInput {
  const name = 'apiserver, webhooks, etcd';
  const place = {
    parent: root,
    key: 'log rest',
    name: `${name} (inferred)`,
    short: name,
    start: root.start,
    end: root.end,
  };
  return { ...unreported({ ...place, component: 'other', source: 'gap' }), source: 'log', precision: 'inferred' };
}

/** Nanoseconds since the epoch are more than a number holds exactly. */
function instantOf(millis: number): EpochNanos {
  const whole = Math.floor(millis);
  return epochNanos(BigInt(whole) * 1_000_000n + BigInt(Math.round((millis - whole) * 1e6)));
}

/** A line of text has neither a time zone nor a year: the request began when the client sent it. */
function periodOf({ endMillis, isLocal, latency }: LoggedRequest, sentAt: EpochNanos): Period {
  const logged = instantOf(endMillis);
  const start = after(logged, nanos(-latency));
  const ahead = isLocal ? zoneShift(start, sentAt) : 0n;
  return { start: epochNanos(start - ahead), end: epochNanos(logged - ahead) };
}

interface Period {
  readonly start: EpochNanos;
  readonly end: EpochNanos;
}

/** By how much a time of another time zone, or of another year, is ahead. */
function zoneShift(time: EpochNanos, sentAt: EpochNanos): bigint {
  const ahead = BigInt(time) - BigInt(sentAt);
  const half = ahead < 0n ? -QUARTER / 2n : QUARTER / 2n;
  return ((ahead + half) / QUARTER) * QUARTER;
}

interface BlockPlace {
  readonly root: Span;
  readonly instant: (millis: number) => EpochNanos;
}

/** Rows of a block, each within the one above it: times are cut to milliseconds. */
class BlockRows {
  readonly rows: TraceInput[] = [];
  readonly #midnight: number;
  readonly #began: number;
  readonly #place: BlockPlace;

  constructor({ name, fields, localMillis, took, items }: LoggedTrace, place: BlockPlace) {
    this.#place = place;
    this.#began = localMillis;
    this.#midnight = localMillis - (localMillis % DAY_MILLIS);
    const start = place.instant(localMillis);
    // Quick steps leave no mark: its own time holds those in etcd, too.
    const handler = this.#add(place.root, { name, fields, start, end: after(start, took), component: 'other' });
    this.#addAll(items, handler);
  }

  #addAll(items: readonly LoggedItem[], top: Span): void {
    const stack = items.map((item) => ({ item, parent: top })).reverse();
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { item, parent } = next;
      const time = this.#place.instant(this.#millisOf(item));
      const length = nanos(item.tookMillis * 1e6);
      const isTrace = item.kind === 'trace';
      const span = this.#add(parent, {
        name: isTrace ? item.name : `until: ${item.name}`,
        fields: item.fields,
        start: isTrace ? time : after(time, nanos(-length)),
        end: isTrace ? after(time, length) : time,
        component: isTrace ? traceComponent(item.name) : stepComponent(parent.name, item.name),
      });
      for (const inner of item.items.toReversed()) stack.push({ item: inner, parent: span });
    }
  }

  /** A time of the day: the next day's where it is earlier than the beginning. */
  #millisOf({ dayMillis }: LoggedItem): number {
    const millis = this.#midnight + dayMillis;
    return millis < this.#began - DAY_MILLIS / 2 ? millis + DAY_MILLIS : millis;
  }

  #add(parent: Span, row: Draft): Span {
    const within = (time: EpochNanos): EpochNanos =>
      time < parent.start ? parent.start : time > parent.end ? parent.end : time;
    const [start, end] = [within(row.start), within(row.end)];
    const span: Span = {
      ...bare(parent.traceID),
      spanID: deriveSpanID(parent.spanID, `log ${this.rows.length}`),
      parentSpanID: parent.spanID,
      name: row.name,
      kind: 'internal',
      start,
      end: between(start, end) < 0 ? start : end,
      attributes: { ...row.fields, ...(row.component !== undefined && { [COMPONENT_ATTRIBUTE]: row.component }) },
    };
    this.rows.push({ span, source: 'log', inferred: false, precision: 'exact' });
    return span;
  }
}

interface Draft {
  readonly name: string;
  readonly fields: Attributes;
  readonly start: EpochNanos;
  readonly end: EpochNanos;
  readonly component: Component | undefined;
}

const bare = (traceID: TraceID) =>
  ({ traceID, status: { code: 'unset' }, events: [], links: [], resource: RESOURCE }) as const;

const traceComponent = (name: string): Component | undefined => (name.endsWith(' etcd3') ? 'other' : undefined);

/** Whom the API server waits for until a mark of its storage, or of a call. */
function stepComponent(parent: string, step: string): Component {
  if (/^Call \w+ webhook$/.test(parent) && step === 'Request completed') return 'webhook';
  if (parent.endsWith(' etcd3') && /^(Txn|Range|Get|List|Delete) call /.test(step)) return 'etcd';
  return 'apiserver';
}
