import type { BackendKind } from './backend.ts';

/** What is known of something that may be a trace backend: its name, labels and ports. */
export interface Described {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly headless: boolean;
}

/** A port that is worth asking, and what it may be. */
export interface Candidate {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly kinds: readonly BackendKind[];
  /** The likelier, the higher. */
  readonly score: number;
}

/** Asking costs requests to the API server: so many are enough where names say anything. */
const MOST = 12;

/**
 * What may be a trace backend by the conventions of its charts and operators, the likeliest first. Only asking tells:
 * Istio's service `zipkin` has the name and port of one and is only Jaeger's intake, 3100 was Tempo's port and is Loki's.
 */
export function candidates(services: readonly Described[]): readonly Candidate[] {
  return services
    .filter(({ headless }) => !headless)
    .flatMap((service) => service.ports.flatMap(({ name, port }) => candidate(service, name, port) ?? []))
    .sort(
      (one, other) =>
        other.score - one.score || compare(one.namespace, other.namespace) || compare(one.name, other.name),
    )
    .slice(0, MOST);
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function candidate(service: Described, portName: string, port: number): Candidate | undefined {
  const { namespace, name, labels } = service;
  const words = [name, labels['app'], labels['app.kubernetes.io/name'], labels['app.kubernetes.io/part-of']].join(' ');
  const guess = guessOf(words, portName, port, labels['app.kubernetes.io/component'] ?? '');
  if (guess === undefined) return undefined;
  // What takes spans in, or passes them on, answers nothing; Jaeger 2 may be run as a collector.
  if (port !== 16686 && /-(agent|collector)$/.test(name)) return undefined;
  const scheme = port === 443 || portName.startsWith('https') ? 'https' : 'http';
  return { namespace, name, port, scheme, kinds: guess.kinds, score: guess.score };
}

interface Guess {
  readonly kinds: readonly BackendKind[];
  readonly score: number;
}

const QUERY_PORT = /^(https?-)?(query|public|ui|jaeger-ui|tempo-query-jaeger-ui|http|web|service)$/;

function guessOf(words: string, portName: string, port: number, component: string): Guess | undefined {
  if (port === 16686) return { kinds: ['jaeger'], score: 100 };
  if (port === 10428 || port === 10471) return { kinds: ['victoriatraces'], score: 100 };
  if (port === 3200) return { kinds: ['tempo'], score: 95 };
  if (port === 9411) return { kinds: ['zipkin'], score: /zipkin/.test(words) ? 80 : 40 };
  const common = port === 80 || port === 443 || port === 8080;
  if (/jaeger/.test(words) && common && QUERY_PORT.test(portName)) return { kinds: ['jaeger'], score: 90 };
  if (/tempo/.test(words)) {
    if (port === 3100) return { kinds: ['tempo'], score: 85 };
    if (component === 'gateway' && common) return { kinds: ['tempo'], score: 50 };
    if (component === 'query-frontend' && portName.startsWith('http')) return { kinds: ['tempo'], score: 60 };
  }
  if (/zipkin/.test(words) && common) return { kinds: ['zipkin'], score: 60 };
  if (/victoria-?traces/.test(words) && common) return { kinds: ['victoriatraces'], score: 60 };
  return undefined;
}

/** Where Services may not be listed everywhere: the usual namespaces of those who have one. */
export const USUAL_NAMESPACES: readonly string[] = [
  'observability',
  'tracing',
  'monitoring',
  'jaeger',
  'tempo',
  'istio-system',
  'opentelemetry',
  'otel-demo',
  'grafana',
  'zipkin',
];
