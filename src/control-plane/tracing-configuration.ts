import type { ApiserverTracing } from './apiserver-tracing.ts';
import type { Export } from './kubelet-tracing.ts';

/**
 * The text of a TracingConfiguration, for `--tracing-config-file`. It is decoded strictly: a field that this server does not
 * know ends it.
 */
export const tracingConfiguration = (
  { apiVersion }: Pick<ApiserverTracing, 'apiVersion'>,
  { endpoint, samplingRate }: Export,
): string => `apiVersion: ${apiVersion}
kind: TracingConfiguration
endpoint: ${JSON.stringify(endpoint)}
samplingRatePerMillion: ${samplingRate}
`;

/** Per million: every request. */
export const EVERY_REQUEST = 1_000_000;

/**
 * The rate that finds the traces of `kubectl trace`: none where the server records them by the caller's trace context, and
 * every request where it accepts no trace context.
 */
export const usualSamplingRate = ({ acceptsTraceContext }: ApiserverTracing): number =>
  acceptsTraceContext ? 0 : EVERY_REQUEST;

/** Sentences that explain what a rate costs and finds. */
export function samplingCost(samplingRate: number, { acceptsTraceContext }: ApiserverTracing): readonly string[] {
  const background =
    samplingRate === 0
      ? 'At samplingRatePerMillion 0 the API server samples no request on its own: no background cost.'
      : `At samplingRatePerMillion ${samplingRate} the API server records ${share(samplingRate)}, each with 10 to 30 spans: ${perSecond(samplingRate)}.`;
  if (acceptsTraceContext) {
    return [
      background,
      'Requests of kubectl trace are recorded at any rate, if their user is in system:masters or system:monitoring (see setup identity).',
    ];
  }
  return [
    background,
    samplingRate >= EVERY_REQUEST
      ? 'This version accepts no trace context, so a request of kubectl trace is recorded only if it is sampled. On a busy cluster lower the rate: then kubectl trace finds that share of its traces.'
      : `This version accepts no trace context: ${share(samplingRate)} of kubectl trace is recorded.`,
  ];
}

const share = (rate: number): string =>
  rate >= EVERY_REQUEST
    ? 'every request'
    : rate === 0
      ? 'no request'
      : `one in ${Math.round(EVERY_REQUEST / rate)} requests`;

/** A busy API server has 1,000 requests a second. */
const perSecond = (rate: number): string => `${rate / 1000} traces a second on a server with 1,000 requests a second`;
