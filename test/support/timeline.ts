import { buildTrace } from '../../src/trace/build.ts';
import type { Attributes, Span, SpanKind, Status } from '../../src/trace/span.ts';
import { after, epochNanos, nanosFromMillis, type EpochNanos } from '../../src/trace/time.ts';
import type { SpanSource, Trace, TraceInput } from '../../src/trace/trace.ts';
import { deriveSpanID } from '../../src/trace/ids.ts';
import { span } from './spans.ts';

/** A span by its times in milliseconds from the start of the timeline; its service is its parent's unless it says more. */
export interface Timed {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly service?: string;
  readonly kind?: SpanKind;
  readonly status?: Status;
  readonly attributes?: Attributes;
  readonly events?: readonly (readonly [name: string, at: number, attributes?: Attributes])[];
  readonly source?: SpanSource;
  /** A row that no process reported: `connect`, `network`, `response`. */
  readonly key?: string;
  readonly below?: readonly Timed[];
}

const START = epochNanos(1_795_478_400_000_000_001n);
const instant = (millis: number): EpochNanos => after(START, nanosFromMillis(millis));

export function timeline(root: Timed): Trace {
  const inputs: TraceInput[] = [];
  add(root, undefined);
  const trace = buildTrace(inputs);
  if (trace === undefined) throw new Error('an empty timeline');
  return trace;

  function add(timed: Timed, parent: Span | undefined): void {
    const { service = parent?.resource.service ?? 'apiserver', source = 'span', key } = timed;
    const id =
      parent !== undefined && key !== undefined
        ? deriveSpanID(parent.spanID, key)
        : (0xc0 + inputs.length).toString(16);
    const own = span({
      id,
      ...(parent !== undefined && { parent: parent.spanID }),
      name: timed.name,
      service,
      kind: timed.kind ?? 'internal',
      start: instant(timed.from),
      end: instant(timed.to),
      status: timed.status ?? { code: 'unset' },
      attributes: timed.attributes ?? {},
      events: (timed.events ?? []).map(([name, at, attributes = {}]) => ({ name, time: instant(at), attributes })),
    });
    inputs.push({ span: own, source, inferred: source === 'gap' });
    for (const child of timed.below ?? []) add(child, own);
  }
}

/** The client span of `request`: the second one of its timeline. */
export const CLIENT_SPAN = 'c1';

/** A command that sends one GET, as long as itself; below it the spans of the request. */
export function request(to: number, below: readonly Timed[], name = 'GET'): Timed {
  const client: Timed = { name, from: 0, to, kind: 'client', service: 'kubectl-trace', source: 'client', below };
  return { name: 'kubectl trace', from: 0, to, service: 'kubectl-trace', source: 'client', below: [client] };
}

/** The API server's root span of a request, with the filters of 1.34 and later around what the handler did. */
export function served(from: number, to: number, below: readonly Timed[], attributes: Attributes = {}): Timed {
  return { name: 'GET /api/v1/nodes', from, to, service: 'apiserver', kind: 'server', attributes, below };
}

/** A call of etcd as both sides report it. */
export function etcdCall(
  name: string,
  [from, to]: readonly [number, number],
  server?: { readonly from: number; readonly to: number; readonly below?: readonly Timed[] },
): Timed {
  const below = server === undefined ? [] : [{ name, service: 'etcd', kind: 'server' as const, ...server }];
  return { name, from, to, service: 'apiserver', kind: 'client', below };
}
