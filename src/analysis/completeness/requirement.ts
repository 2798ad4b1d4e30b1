import type { Span, SpanKind } from '../../trace/span.ts';

/** Required children of a span in a complete trace: `atLeast` of those that `matches`. */
export interface Requirement {
  /** Name of the missing spans. */
  readonly name: string;
  readonly kind: SpanKind;
  readonly service: string;
  readonly atLeast: number;
  matches(child: Span): boolean;
}

export function requireNamed(names: readonly string[], atLeast = 1): Requirement {
  return {
    name: names[0] ?? '',
    kind: 'internal',
    service: 'apiserver',
    atLeast,
    matches: (child) => names.includes(child.name),
  };
}

/** Calls of etcd by the API server: `etcdserverpb.KV/Range` and the like, client side. */
export function requireEtcdCall(methods: readonly string[], atLeast = 1): Requirement {
  return {
    name: `etcdserverpb.${methods[0]}`,
    kind: 'client',
    service: 'apiserver',
    atLeast,
    matches: (child) => child.kind === 'client' && methods.some((method) => child.name === `etcdserverpb.${method}`),
  };
}

export const countEvents = (span: Span, ...names: readonly string[]): number =>
  span.events.filter((event) => names.includes(event.name)).length;
