import { counted } from '../../format/counted.ts';
import type { Observed } from '../observed.ts';
import { lookedAt, whyNot } from '../reading.ts';
import { ok, unknown, wrong, type Cause, type CheckResult } from '../result.ts';
import { apiServerPods, type Conclusions } from '../traced.ts';

/** The next step for each fault that a server's log shows. */
const FIXES: Partial<Record<Cause, string>> = {
  EndpointNotGRPC: 'the endpoint must be the port for OTLP over gRPC without TLS, usually 4317; 4318 is for HTTP',
  EndpointClusterDNS:
    "write the cluster IP of the Service: a process in the host's network does not resolve names of the cluster's DNS",
  EndpointInvalid: 'write HOST:PORT, such as 10.0.0.5:4317: without a port the exporter takes 443, which is for TLS',
  EndpointTLS: 'export to a collector without TLS, on the node or in its network; it can export with TLS',
  EndpointLoopback:
    'run a collector on every control-plane node that listens there, such as a DaemonSet with a hostPort, or write the address of another host',
  CollectorUnreachable:
    'start the collector, and check the address and the network policies between it and the control plane',
  CollectorRefuses:
    'the exporter sends no credentials: give OTEL_EXPORTER_OTLP_HEADERS to kube-apiserver, or export to a collector that has them',
};

/** Do the spans of the API server leave it? Its log has each export that failed. */
export function checkExport(
  observed: Observed,
  { hasArrived, isTracing, isRecorded, exportCause }: Conclusions,
): CheckResult {
  const pods = apiServerPods(observed);
  const looked = pods.map(({ pod }) =>
    lookedAt(`log of ${pod}`, observed.exports.get(pod) ?? { status: 'none', why: 'not read' }, (problem) =>
      problem === null
        ? 'no failed export'
        : `${problem.endsServer ? 'it does not start' : 'traces export'}: ${problem.line}`,
    ),
  );
  if (hasArrived === true) return ok('export', 'the spans of the API server arrive', { looked });
  if (isTracing === false)
    return unknown('export', 'there are no spans while the API server does not trace', { looked });
  const read = pods.flatMap(({ pod }) => {
    const log = observed.exports.get(pod);
    return log?.status === 'read' ? [{ pod, problem: log.value }] : [];
  });
  const failed = read.flatMap(({ pod, problem }) => (problem?.endsServer === false ? [{ pod, problem }] : []));
  const [first] = failed;
  if (first !== undefined && isRecorded !== false) {
    const { address, line } = first.problem;
    // A file that the user gave shows the cause better than the error that follows from it.
    const cause = exportCause ?? first.problem.cause;
    const where = address === null ? '' : ` to ${address}`;
    return wrong('export', 'failed', cause, `${first.pod} cannot export its spans${where}: ${shortened(line)}`, {
      looked,
      fix: [FIXES[cause] ?? 'see the line of the log'],
    });
  }
  if (isRecorded === false)
    return unknown('export', 'there is nothing to export while nothing is recorded', { looked });
  if (read.length > 0)
    return ok('export', `${counted(read.length, 'log')} of kube-apiserver without a failed export`, { looked });
  const unread = pods.map(({ pod }) => observed.exports.get(pod)).find((log) => log?.status === 'refused');
  const refused = [observed.pods, unread].find((reading) => reading?.status === 'refused');
  // The check of permissions says what an administrator would see.
  if (refused?.status === 'refused')
    return unknown('export', `no log of kube-apiserver can be read: ${whyNot(refused)}`, { looked });
  return unknown('export', 'no log of kube-apiserver can be read', {
    looked,
    fix: ["on a control-plane node: crictl logs $(crictl ps -q --name kube-apiserver) 2>&1 | grep 'traces export'"],
  });
}

/** The end of gRPC's nested message. */
const shortened = (line: string): string => line.replace(/^.*desc = "?/, '').replace(/"$/, '');
