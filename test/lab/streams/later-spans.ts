import type { Answer } from '../record/fixture.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface RawSpan {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes?: readonly Attribute[];
}

interface RawTrace {
  readonly result?: {
    readonly resourceSpans?: readonly {
      readonly resource: { readonly attributes: readonly Attribute[] };
      readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[];
    }[];
  };
}

/** A span of the API server or of etcd that the backend had later. */
export interface LaterSpan {
  readonly spanID: string;
  readonly name: string;
}

interface Request {
  readonly spanID: string;
  readonly auditID: string | null;
}

const valueOf = (attributes: readonly Attribute[] | undefined, wanted: string): string | undefined =>
  attributes?.find(({ key }) => key === wanted)?.value.stringValue;

/**
 * Spans that the backend had of each request later: those below the request's own, and those below a span with its Audit-ID,
 * where the API server started its own trace.
 */
export class LaterSpans {
  readonly #spans = new Map<string, RawSpan & { readonly service: string }>();

  constructor(answers: readonly Answer[]) {
    for (const { url, status, body } of answers) {
      if (status !== 200 || !url.startsWith('/api/v3/')) continue;
      for (const { resource, scopeSpans } of (body as RawTrace).result?.resourceSpans ?? []) {
        const service = valueOf(resource.attributes, 'service.name') ?? '';
        if (service !== 'apiserver' && service !== 'etcd') continue;
        for (const each of scopeSpans.flatMap(({ spans }) => spans)) this.#spans.set(each.spanId, { ...each, service });
      }
    }
  }

  of({ spanID, auditID }: Request): readonly LaterSpan[] {
    return [...this.#spans.values()]
      .filter((span) => {
        const top = this.#topOf(span);
        return top.parentSpanId === spanID || valueOf(top.attributes, 'audit-id') === auditID;
      })
      .map(({ spanId, service, name }) => ({ spanID: spanId, name: `${service} ${name}` }));
  }

  #topOf(span: RawSpan): RawSpan {
    let top = span;
    for (let above: RawSpan | undefined = span; above !== undefined; above = this.#spans.get(top.parentSpanId ?? ''))
      top = above;
    return top;
  }
}
