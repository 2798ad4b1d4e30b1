import { span, type ExpectedSpan } from './expected-spans.ts';
import type { Recording } from './fixture.ts';

/**
 * A span in Jaeger's v3 response: OTLP in JSON. It is read separately here, to judge the decoder's input and not its
 * output.
 */
export interface RawSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly RawAttribute[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly service: string;
}

interface RawAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string; readonly boolValue?: boolean };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly RawAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<RawSpan, 'service'>[] }[];
  }[];
}

/** The spans of the found trace, from the v3 response. */
export function rawSpans({ found, answers }: Recording): RawSpan[] {
  const answer = answers.find(({ url }) => url.startsWith(`/api/v3/traces/${found?.traceID}?`));
  if (answer === undefined) return [];
  const { resourceSpans } = (answer.body as { result: Export }).result;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = attribute(resource.attributes, 'service.name') ?? '';
    return scopeSpans.flatMap(({ spans }) => spans.map((each) => ({ ...each, service })));
  });
}

export function attribute(attributes: readonly RawAttribute[] = [], key: string): string | undefined {
  const value = attributes.find((each) => each.key === key)?.value;
  return value === undefined ? undefined : String(Object.values(value)[0]);
}

const kinds = ['unspecified', 'internal', 'server', 'client'] as const;

/** The tree below the only span whose parent is not among them. */
export function rawTree(spans: readonly RawSpan[]): { readonly root: RawSpan; readonly tree: ExpectedSpan } {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => !known.has(parentSpanId ?? ''));
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw new Error(`${roots.length} roots among ${spans.length} spans`);
  const treeOf = (one: RawSpan): ExpectedSpan => ({
    ...span(one.name, ...spans.filter(({ parentSpanId }) => parentSpanId === one.spanId).map(treeOf)),
    service: one.service as ExpectedSpan['service'],
    kind: (kinds[one.kind] ?? 'unspecified') as ExpectedSpan['kind'],
  });
  return { root, tree: treeOf(root) };
}
