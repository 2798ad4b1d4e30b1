import { counted } from '../../format/counted.ts';
import { formatBytes } from '../../analysis/wording/bytes.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { Report, RequestReport } from '../../report/report.ts';

/** The user's own request, whose trace is shown: the last one sent. */
export function mainRequest({ requests }: Report): RequestReport | undefined {
  return requests.findLast(({ purpose }) => purpose === 'request') ?? requests.at(-1);
}

/**
 * `GET /api/v1/nodes`, `200`, `3.4 KiB`, `9.09 ms`, `(1 node)`, and the number of requests for discovery. The totals of a
 * command with several requests: `3 requests`, `1.2 KiB`, `25.1 ms`.
 */
export function requestWords(request: RequestReport, { requests, command }: Report): string[] {
  const main = requests.filter(({ purpose }) => purpose === 'request');
  const rest = requests.length - main.length;
  const others = rest === 0 ? [] : [`${rest} for discovery`];
  if (main.length > 1) {
    const bytes = main.reduce((sum, { responseBytes }) => sum + responseBytes, 0);
    const time = command.durationNanos === null ? [] : [formatDuration(command.durationNanos)];
    return [countedRequests(main), formatBytes(bytes), ...time, ...others];
  }
  const words = [`${request.method} ${request.path}${shownQuery(request.query)}`];
  if (request.status === null) words.push('no response');
  else words.push(String(request.status), formatBytes(request.responseBytes));
  words.push(formatDuration(request.durationNanos));
  const { objectCount, resource } = request;
  if (objectCount !== null && resource !== null) words.push(`(${countOf(objectCount, resource)})`);
  return [...words, ...(main.length === 0 ? [] : others)];
}

/** It had no response, or one with an HTTP status of 400 or more. */
export const isFailure = ({ status }: RequestReport): boolean => status === null || status >= 400;

/**
 * Upper limit of the time of the server and etcd, as the client measured it; null where it measured none. A busy client
 * notices late that it has sent its request: the server may have had it before.
 */
export const serverBound = ({ phases: { sendNanos, waitNanos } }: RequestReport): number | null =>
  waitNanos === null ? null : (sendNanos ?? 0) + waitNanos;

/** `3 requests`, `3 requests, 1 failed` */
function countedRequests(requests: readonly RequestReport[]): string {
  const failed = requests.filter(isFailure).length;
  return `${counted(requests.length, 'request')}${failed === 0 ? '' : `, ${failed} failed`}`;
}

/** The query with its question mark, without the parameters that kubectl adds to every write. */
function shownQuery(query: string): string {
  const shown = query
    .split('&')
    .filter((part) => part !== '' && !/^(fieldManager=|fieldValidation=|force=false$)/.test(part));
  return shown.length === 0 ? '' : `?${shown.join('&')}`;
}

/** `1 node`, `3 nodes`, `1 networkpolicy`: resources come as plurals; the singular is made where that is safe. */
function countOf(objects: number, resource: string): string {
  return counted(objects, singular(resource), resource);
}

function singular(resource: string): string {
  if (resource.endsWith('ies')) return `${resource.slice(0, -3)}y`;
  if (/(ss|x|ch|sh)es$/.test(resource)) return resource.slice(0, -2);
  return /[^su]s$/.test(resource) ? resource.slice(0, -1) : resource;
}
