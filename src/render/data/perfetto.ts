import type { Analysis } from '../../analysis/analyse.ts';
import { labelOf } from '../../analysis/kubernetes/label.ts';
import type { AttributeValue, Attributes } from '../../trace/span.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { eventOffset } from '../../analysis/events.ts';
import { jsonText } from '../../report/json-text.ts';
import type { JSONObject, JSONValue } from '../../report/json-value.ts';
import type { Report } from '../../report/report.ts';

/**
 * Trace Event JSON, which ui.perfetto.dev and chrome://tracing open: a process for each service, and as many lanes in it
 * as spans overlap that do not lie within each other. Times are in microseconds from the trace's start. What is inferred is
 * of the category "inferred".
 */
export function writePerfetto({ analysis, command }: Pick<Report, 'analysis' | 'command'>): string {
  const traceEvents = analysis === null ? [] : eventsOf(analysis);
  const otherData = { tool: 'kubectl-trace', ...(command.traceID !== null && { traceID: command.traceID }) };
  return jsonText({ displayTimeUnit: 'ms', otherData, traceEvents }, 1);
}

function eventsOf(analysis: Analysis): JSONObject[] {
  const { trace } = analysis;
  const processes = new Map<string, Process>();
  const events = trace.spans.toSorted(byStart).flatMap((placed): JSONObject[] => {
    const { service } = placed.span.resource;
    let process = processes.get(service);
    if (process === undefined) processes.set(service, (process = new Process(processes.size + 1)));
    const track = { pid: process.id, tid: process.laneOf(placed) };
    const category = placed.inferred ? 'inferred' : (analysis.component[placed.index] ?? 'other');
    const slice = {
      ph: 'X',
      ...track,
      ts: placed.offset / 1000,
      dur: placed.duration / 1000,
      name: labelOf(placed)[0],
      cat: category,
      args: argumentsOf(placed, analysis),
    };
    const instants = placed.span.events.map((event) => ({
      ph: 'i',
      s: 't',
      ...track,
      ts: eventOffset(event, placed, trace) / 1000,
      name: event.name,
      cat: category,
      args: values(event.attributes),
    }));
    return [slice, ...instants];
  });
  const names = [...processes].flatMap(([service, { id, lanes }]) => [
    { ph: 'M', pid: id, name: 'process_name', args: { name: service === '' ? 'no service' : service } },
    ...Array.from({ length: lanes }, (_, lane) => ({
      ph: 'M',
      pid: id,
      tid: lane + 1,
      name: 'thread_name',
      args: { name: `lane ${lane + 1}` },
    })),
  ]);
  return [...names, ...events];
}

/** Parents come before their children. */
const byStart = (a: PlacedSpan, b: PlacedSpan): number =>
  a.offset - b.offset || b.duration - a.duration || a.index - b.index;

/** More lanes than a person can look at. Spans that do not fit into them overlap in the last one. */
const MAX_LANES = 100;

/** Slices of one lane must be nested or disjoint. */
class Process {
  readonly id: number;
  /** For each lane the ends of the slices that are open, the innermost last. */
  readonly #open: number[][] = [];

  constructor(id: number) {
    this.id = id;
  }

  get lanes(): number {
    return this.#open.length;
  }

  /** The first lane where a span fits; called once for each span, the earlier first. */
  laneOf({ offset, duration }: PlacedSpan): number {
    const end = offset + duration;
    const fits = (ends: number[]): boolean => {
      while (ends.length > 0 && (ends.at(-1) as number) <= offset) ends.pop();
      return ends.length === 0 || (ends.at(-1) as number) >= end;
    };
    let lane = this.#open.findIndex(fits);
    if (lane === -1) lane = this.#open.length < MAX_LANES ? this.#open.push([]) - 1 : MAX_LANES - 1;
    (this.#open[lane] as number[]).push(end);
    return lane + 1;
  }
}

function argumentsOf(placed: PlacedSpan, { onCriticalPath, self }: Analysis): JSONObject {
  const { span } = placed;
  return {
    spanID: span.spanID,
    traceID: span.traceID,
    spanName: span.name,
    kind: span.kind,
    selfNanos: self[placed.index] ?? 0,
    onCriticalPath: onCriticalPath.has(placed.index),
    ...(!placed.ended && { ended: false }),
    ...(span.status.code === 'error' && { error: span.status.message ?? 'error' }),
    ...values(span.attributes),
  };
}

/** Values as the viewers show them, as text: no program has to read them again. */
const values = (attributes: Attributes): JSONObject =>
  Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => !name.startsWith('kubectl-trace.'))
      .map(([name, value]) => [name, valueOf(value)]),
  );

function valueOf(value: AttributeValue): JSONValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? String(member) : member));
}
