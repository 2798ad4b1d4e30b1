import type { AttributeValue, Resource, Span } from '../../trace/span.ts';
import { between, nanos, type Nanos } from '../../trace/time.ts';
import { isReported, type PlacedSpan, type Trace } from '../../trace/trace.ts';

/** One process, even when several resource objects describe it: partial responses each bring their own. */
export interface Process {
  readonly service: string;
}

/** A span of one process that another process's span waited for. Times are offsets on the trace's axis, as reported. */
export interface Call {
  readonly from: Nanos;
  readonly to: Nanos;
  readonly called: PlacedSpan;
  /** The caller waited for the end. */
  readonly completed: boolean;
}

export interface Called {
  /** The process that was the first to call this one. */
  readonly caller: Process;
  /** Its calls; empty where it only caused spans that no caller waited for, or that are not a server's. */
  readonly calls: Call[];
}

/** Which process called which, callers first. `connectedAfter` as in `withClocksCorrected`. */
export function callsBetweenProcesses(
  { root, spans, startedAt }: Trace,
  connectedAfter: ReadonlyMap<Span, Nanos | null>,
): { processOf(resource: Resource): Process; readonly calls: ReadonlyMap<Process, Called> } {
  const processOf = processes();
  const top = processOf(root.span.resource);
  const calls = new Map<Process, Called>();
  // By index; parents come before their children.
  const processBy: Process[] = [];
  for (const placed of spans) {
    const { parent, span } = placed;
    const process = processOf(span.resource);
    processBy.push(process);
    if (parent === undefined) continue;
    const caller = processBy[parent.index] as Process;
    if (process === caller || process === top) continue;
    let called = calls.get(process);
    if (called === undefined) calls.set(process, (called = { caller, calls: [] }));
    // A caller that has not ended may still be waiting.
    if (called.caller !== caller || !isCall(placed, parent) || !parent.ended) continue;
    // Times that cannot be placed say nothing about a clock.
    if (placed.moved && between(startedAt, span.start) !== placed.offset) continue;
    const connected = connectedAfter.get(parent.span);
    called.calls.push({
      from: nanos(parent.offset + (connected ?? 0)),
      to: nanos(parent.offset + parent.duration),
      called: placed,
      completed: connected !== null && placed.ended,
    });
  }
  return { processOf, calls };
}

/** A 401 has no server span: below the client span, a root of another trace can also be the span that served it. */
function isCall({ span, source, inferred }: PlacedSpan, parent: PlacedSpan): boolean {
  if (parent.span.kind !== 'client' || !isReported(source) || inferred) return false;
  return span.kind === 'server' || (parent.source === 'client' && span.parentSpanID === undefined);
}

function processes(): (resource: Resource) => Process {
  const known = new Map<Resource, Process>();
  const byContent = new Map<string, Process>();
  // Spans of one process often stand together.
  let last: { readonly resource: Resource; readonly process: Process } | undefined;
  return (resource) => {
    if (last?.resource === resource) return last.process;
    let process = known.get(resource);
    if (process === undefined) {
      const content = Object.entries(resource.attributes)
        .map(([name, value]) => `${name}=${textOf(value)}`)
        .sort();
      const key = [resource.service, ...content].join('\0');
      process = byContent.get(key) ?? { service: resource.service };
      byContent.set(key, process);
      known.set(resource, process);
    }
    last = { resource, process };
    return process;
  };
}

/** Processes are distinguished by texts and numbers; lists (a command line) count as well. */
function textOf(value: AttributeValue): string {
  if (Array.isArray(value)) return (value as readonly AttributeValue[]).map(textOf).join('\0');
  return typeof value === 'object' ? '' : String(value);
}
