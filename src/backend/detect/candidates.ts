import type { BackendKind } from '../backend.ts';

/** A possible trace backend: its name, labels and ports. */
export interface Described {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly headless: boolean;
}

/** A port that is worth a request, and the kinds that it may be. */
export interface Candidate {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly kinds: readonly BackendKind[];
  /** The likelier, the higher. */
  readonly score: number;
  /** It is in a namespace that those have who run a backend for others: no tenant can have put it there. */
  readonly isKnown: boolean;
}

/** Each candidate costs requests to the API server: this many are enough where names say anything. */
const MAX_CANDIDATES = 12;

/**
 * Possible trace backends by the conventions of charts and operators, the likeliest first. Only a request can decide:
 * Istio's service `zipkin` has the name and port of one and is only Jaeger's intake, 3100 was Tempo's port and is
 * Loki's.
 */
export function candidates(services: readonly Described[]): readonly Candidate[] {
  return services
    .filter(({ headless }) => !headless)
    .flatMap((service) => service.ports.flatMap(({ name, port }) => candidate(service, name, port) ?? []))
    .sort(
      (one, other) =>
        Number(other.isKnown) - Number(one.isKnown) ||
        other.score - one.score ||
        compare(one.namespace, other.namespace) ||
        compare(one.name, other.name),
    )
    .slice(0, MAX_CANDIDATES);
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function candidate(service: Described, portName: string, port: number): Candidate | undefined {
  const { namespace, name, labels } = service;
  const words = [name, labels['app'], labels['app.kubernetes.io/name'], labels['app.kubernetes.io/part-of']].join(' ');
  const guess = guessOf(words, portName, port, labels['app.kubernetes.io/component'] ?? '');
  if (guess === undefined) return undefined;
  // A service that receives or forwards spans serves no queries; Jaeger 2 may be run as a collector.
  if (port !== 16686 && /-(agent|collector)$/.test(name)) return undefined;
  const scheme = schemeOf({ name: portName, port });
  return { namespace, name, port, scheme, kinds: guess.kinds, score: guess.score, isKnown: isKnown(namespace) };
}

/** The port of a named Service, or the likeliest of its ports; undefined where none is likelier than others. */
export function guessedPort(
  service: Described,
  port: number | undefined,
  kind: BackendKind | undefined,
): Pick<Candidate, 'port' | 'scheme'> | undefined {
  const ports = service.ports.filter((item) => port === undefined || item.port === port);
  const likely = ports
    .flatMap((item) => candidate(service, item.name, item.port) ?? [])
    .filter(({ kinds }) => kind === undefined || kinds.includes(kind))
    .toSorted((one, other) => other.score - one.score)[0];
  if (likely !== undefined) return likely;
  const [only] = ports.length === 1 ? ports : [];
  return only === undefined ? undefined : { port: only.port, scheme: schemeOf(only) };
}

const schemeOf = ({ name, port }: Described['ports'][number]): Candidate['scheme'] =>
  port === 443 || name.startsWith('https') ? 'https' : 'http';

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

/** The usual namespaces of those who run a backend. Looked at first, and alone where Services may not be listed everywhere. */
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
  'linkerd-viz',
  'victoria-traces',
  'kube-system',
];

const isKnown = (namespace: string): boolean => USUAL_NAMESPACES.includes(namespace);
