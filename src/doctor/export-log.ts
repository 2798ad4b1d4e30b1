import type { Cause } from './result.ts';

/** The last failure of a server's tracing in its log. */
export interface ExportProblem {
  readonly cause: Cause;
  /** The server refuses its TracingConfiguration and ends. Otherwise only an export has failed. */
  readonly endsServer: boolean;
  /** As the server wrote it, after `traces export:`. */
  readonly line: string;
  /** The address that it could not reach, where the line has one. */
  readonly address: string | null;
}

/**
 * OpenTelemetry's SDK for Go writes each failed export into the server's log, and drops the spans. klog puts it in
 * quotes and escapes what is quoted in it.
 */
const EXPORT = /traces export: (.*)/;

/** kube-apiserver ends with this line, whose values klog escapes in the same way. */
const REFUSAL = /failed to validate tracing configuration: (.*)/;

/** gRPC's words for each fault, by a real kube-apiserver and etcd against each kind of endpoint. The first counts. */
const FAULTS: readonly (readonly [words: RegExp, cause: Cause])[] = [
  // Up to Kubernetes 1.31 a frame of HTTP/1.1 is only said to be too large.
  [
    /http2: frame too large|looked like an HTTP\/1\.1 header|unexpected HTTP status code|code = Unimplemented/,
    'EndpointNotGRPC',
  ],
  [/produced zero addresses|no such host|server misbehaving/, 'EndpointClusterDNS'],
  // A server for TLS ends a connection that begins without it.
  [/error reading server preface: (?:EOF|.*connection reset)/, 'EndpointTLS'],
  [/code = (?:Unauthenticated|PermissionDenied)/, 'CollectorRefuses'],
];
/** gRPC takes it where the endpoint has no port. */
const DEFAULT_PORT = /:443$/;
const LOOPBACK = /^(?:127\.|\[::1\])/;
const MAX_LINE = 400;

/** The last failure in a log; null for a log without one. The text is a server's, and is bounded by its reader. */
export function exportProblem(log: string): ExportProblem | null {
  const last = log.split('\n').findLast((line) => EXPORT.test(line) || REFUSAL.test(line));
  if (last === undefined) return null;
  const [, refusal] = REFUSAL.exec(last) ?? [];
  if (refusal !== undefined) {
    return { cause: 'EndpointInvalid', endsServer: true, line: unescaped(refusal), address: null };
  }
  const line = unescaped(EXPORT.exec(last)?.[1] ?? '');
  const [, address = null] = /dial tcp (?:\S+->)?(\S+): /.exec(line) ?? [];
  const cause = FAULTS.find(([words]) => words.test(line))?.[1];
  return { cause: cause ?? causeOf(address), endsServer: false, line, address };
}

/** The cause of a connection that is not made. */
function causeOf(address: string | null): Cause {
  if (address === null) return 'CollectorUnreachable';
  if (DEFAULT_PORT.test(address)) return 'EndpointInvalid';
  return LOOPBACK.test(address) ? 'EndpointLoopback' : 'CollectorUnreachable';
}

const unescaped = (text: string): string => text.slice(0, MAX_LINE).replaceAll('\\"', '"').replace(/"\s*$/, '');
