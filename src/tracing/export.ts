import { untilDeadline } from '../deadline.ts';
import { UsageError } from '../errors.ts';
import type { ClientWork } from '../propagation/client-work.ts';
import type { Environment, Runtime } from '../runtime.ts';
import { escapeText } from '../render/escape.ts';

/** The wait for a collector is no longer than that for the trace. */
const TIMEOUT_MILLIS = 2000;
const DEFAULT_URL = 'http://localhost:4317';

/**
 * Destination of the command's own spans; undefined for none. The flag comes first, then the variables of the
 * OpenTelemetry specification (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). Throws a UsageError for an
 * invalid address.
 */
export function exportURL(flag: string | undefined, env: Environment): string | undefined {
  if (flag === 'none' || flag === 'false') return undefined;
  const named = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined;
  if (flag === undefined && (named === undefined || isOff(env))) return undefined;
  const isGiven = flag !== undefined && flag !== 'default' && flag !== 'true';
  const url = isGiven ? flag : (named ?? DEFAULT_URL);
  if (/^https?:\/\/[^/\s]+\/?$/.test(url)) return url;
  const where = isGiven ? '--export' : 'OTEL_EXPORTER_OTLP_ENDPOINT';
  throw new UsageError('InvalidValue', `the address of ${where} is not the address of an OTLP collector over gRPC`, {
    hint: 'it looks like http://localhost:4317, without a path; --export=none exports nothing',
  });
}

/** Someone has set the endpoint for programs that speak another protocol, or has switched tracing off. */
function isOff(env: Environment): boolean {
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL'] || 'grpc';
  const exporter = env['OTEL_TRACES_EXPORTER'] || 'otlp';
  return protocol !== 'grpc' || exporter !== 'otlp' || /^true$/i.test(env['OTEL_SDK_DISABLED'] ?? '');
}

/** Sends the spans, for two seconds at most. That they do not arrive is said, and changes nothing. Never rejects. */
export async function exportWork(work: ClientWork, url: string, runtime: Runtime): Promise<void> {
  const { clock, interrupted } = runtime;
  const sent = import('../propagation/export-spans.ts')
    .then(({ exportSpans }) => exportSpans(work, { url, timeoutMillis: TIMEOUT_MILLIS }))
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
    .then((problem) => ({ problem }));
  const ended = await untilDeadline(clock, TIMEOUT_MILLIS, sent, interrupted);
  const unsent = interrupted.aborted ? 'interrupted' : `no response in ${TIMEOUT_MILLIS / 1000} s`;
  const problem = ended === undefined ? unsent : ended.problem;
  if (problem === undefined) return;
  runtime.err.write(
    `warning: this command's own spans were not exported to ${escapeText(url)}: ${escapeText(problem)}\n`,
  );
}
