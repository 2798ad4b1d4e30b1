import { counted } from '../../format/counted.ts';
import type { Analysis } from '../../analysis/analyse.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { placeWords } from './location-words.ts';
import type { Report } from '../../report/report.ts';

/** A trace without a request: `settled: 12 spans of 3 services, 49.2 ms, 1 failed`. */
export function traceWords({ verdict, analysis }: Report): string {
  if (analysis === null) return verdict ?? '';
  const words = [
    `${spanCount(analysis)}${serviceCount(analysis)}`,
    durationWords(analysis),
    ...failedCount(analysis),
    ...unendedCount(analysis),
  ].join(', ');
  return verdict === null ? words : `${verdict}: ${words}`;
}

/** `found after 120 ms in jaeger`, `read from spans.json`. */
export function originWords({ shown, backend }: Report): string | undefined {
  if (shown === undefined) return undefined;
  if (shown.waitedNanos === null) return `read from ${shown.from}`;
  const source = backend === null || backend.kind !== shown.from ? shown.from : placeWords(backend);
  return `found after ${formatDuration(shown.waitedNanos)} in ${source}`;
}

function spanCount({ trace }: Analysis): string {
  const count = trace.spans.filter(({ source }) => source !== 'gap').length;
  return counted(count, 'span');
}

function serviceCount({ trace }: Analysis): string {
  const services = new Set(trace.services);
  services.delete('');
  return services.size === 1 ? ` of ${[...services][0]}` : ` of ${services.size} services`;
}

function durationWords({ trace: { root, duration } }: Analysis): string {
  if (root.ended) return formatDuration(duration);
  return duration === 0 ? 'not ended' : `${formatDuration(duration)} or more`;
}

function unendedCount({ trace }: Analysis): string[] {
  const count = trace.spans.filter(({ ended }) => !ended).length;
  return count === 0 || trace.spans.length === 1 ? [] : [`${count} not ended`];
}

function failedCount({ failed }: Analysis): string[] {
  return failed.length === 0 ? [] : [`${failed.length} failed`];
}
