import { counted } from '../../../format/counted.ts';
import { silenceOf, type MetricsReading, type Silence } from './reading.ts';

const READ_BEFORE = "read the API server's metrics, before the request";

/** Name of the row of the reading before the request. It took its time even where nothing could be read. */
export const readBeforeName = ({ status }: MetricsReading): string =>
  status === 'read' ? READ_BEFORE : `${READ_BEFORE} (${status})`;

export const isReadBefore = (name: string): boolean => name.startsWith(READ_BEFORE);

export const shortReadBefore = (name: string): string => name.replace(READ_BEFORE, 'read the metrics');

/** Why the metrics do not show a request, below the error that says that no trace was found. */
export const metricsLines = (reading: MetricsReading): [problem: string, ...others: string[]] => [
  `  ${problemOf(reading)}`,
  ...(silenceOf(reading)?.tracing === 'off'
    ? ['  the API server does not trace (it runs without --tracing-config-file): no backend has a trace of the request']
    : []),
];

function problemOf(reading: MetricsReading): string {
  if (reading.status === 'refused')
    return "the API server's metrics would show its stages, but this user may not read /metrics: bind ClusterRole system:monitoring";
  if (reading.status === 'failed') return `the API server's metrics show nothing of it: ${reading.problem}`;
  const { exemplars, servers, silence } = reading;
  if (exemplars.length > 0) {
    return `the API server's metrics have ${counted(exemplars.length, 'exemplar')} of it, which belong to several requests`;
  }
  if (servers !== undefined) {
    return `the metrics of ${counted(servers.read, 'API server')}, of ${servers.all}, have no exemplar of it`;
  }
  return `the API server's metrics have no exemplar of it: ${causeOf(silence)}`;
}

/** The cause as far as it is known, else the possible ones. */
function causeOf(silence: Silence | undefined): string {
  if (silence?.tracing === 'on') return "it traces, and does not accept this user's trace context";
  switch (silence?.context ?? null) {
    case 'removed':
      return 'a proxy between here and the API server removes the trace context, or marks it as not sampled';
    case 'replaced':
      return 'a proxy between here and the API server replaces the trace context with its own';
    case 'arrives':
      return 'later sampled requests have replaced them';
    default:
      return silence?.tracing === 'off'
        ? 'later sampled requests have replaced them, another API server has them, or a proxy removes the trace context'
        : 'it traces, is older than Kubernetes 1.32, later sampled requests have replaced them, or a proxy removes the trace context';
  }
}
