import type { Cause } from './result.ts';

/** The last failure of an exporter of spans in a server's log. */
export interface ExportProblem {
  readonly cause: Cause;
  /** As the server wrote it, from `traces export:` on. */
  readonly line: string;
  /** The address that it could not reach, where the line has one. */
  readonly address: string | null;
}

/**
 * OpenTelemetry's SDK for Go writes each failed export into the server's log, and drops the spans. klog puts it in
 * quotes and escapes what is quoted in it.
 */
const EXPORT = /traces export: (.*)/;

/** gRPC's words for each fault, by a real kube-apiserver and etcd against each kind of endpoint. The first counts. */
const FAULTS: readonly (readonly [words: RegExp, cause: Cause])[] = [
  // Up to Kubernetes 1.31 a frame of HTTP/1.1 is only said to be too large.
  [/http2: frame too large|unexpected HTTP status code|code = Unimplemented/, 'EndpointNotGRPC'],
  [/produced zero addresses|no such host|server misbehaving/, 'EndpointClusterDNS'],
  // A server for TLS ends a connection that begins without it.
  [/error reading server preface: (?:EOF|.*connection reset)/, 'EndpointTLS'],
  [/code = (?:Unauthenticated|PermissionDenied)/, 'CollectorRefuses'],
];
const LOOPBACK = /^(?:127\.|\[::1\])/;
const MAX_LINE = 400;

/** The last export that failed in a log; null where none has. The text is a server's, and is bounded by its reader. */
export function exportProblem(log: string): ExportProblem | null {
  const last = log.split('\n').findLast((line) => EXPORT.test(line));
  if (last === undefined) return null;
  const line = (EXPORT.exec(last)?.[1] ?? '').slice(0, MAX_LINE).replaceAll('\\"', '"').replace(/"\s*$/, '');
  const [, address = null] = /dial tcp (?:\S+->)?(\S+): /.exec(line) ?? [];
  const cause = FAULTS.find(([words]) => words.test(line))?.[1];
  const unreached = address !== null && LOOPBACK.test(address) ? 'EndpointLoopback' : 'CollectorUnreachable';
  return { cause: cause ?? unreached, line, address };
}
