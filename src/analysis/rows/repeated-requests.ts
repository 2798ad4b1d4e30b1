import { httpStatus, textAttribute } from '../attributes.ts';
import { formatDuration, formatDurationRange } from '../wording/duration.ts';
import type { Label, RowNode } from './row-node.ts';
import type { Span } from '../../trace/span.ts';
import type { PlacedSpan } from '../../trace/trace.ts';

/** A client's request about objects of one type, as far as it can be distinguished from others. */
interface ClientRequest {
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  readonly path: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/** Requests of the same kind have the same text: a method, a type, and one object or all. */
export function requestKind({ source, span }: PlacedSpan): string | undefined {
  if (source !== 'client' || span.kind !== 'client') return undefined;
  const { method, path, name, address } = requestOf(span);
  const [group, version, resource, subresource] = ['group', 'version', 'resource', 'subresource'].map(
    (part) => textAttribute(span.attributes, `k8s.request.${part}`) ?? '',
  );
  const isWatch = /[?&](watch|follow)=(1|t|true)(&|$)/i.test(address);
  const about =
    resource === '' ? path : [group, version, resource, subresource, name === undefined ? 'all' : 'one'].join(' ');
  const status = httpStatus(span) ?? 0;
  return `${method} ${isWatch ? 'watch' : ''} ${status >= 400 ? status : ''} ${about}`;
}

/** A request that the server refused (404, 403, 409), as its client and the server's own span report it. */
export function isRefusal({ source, span, parent }: PlacedSpan): boolean {
  const status = httpStatus(span) ?? 0;
  if (status < 400 || status >= 500) return false;
  return source === 'client' || (span.kind === 'server' && parent?.source === 'client');
}

/** Size of the largest set of identical requests: method, path and query. 0 when no two are the same. */
export function identicalCount(requests: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const request of requests) counts.set(request, (counts.get(request) ?? 0) + 1);
  let most = 0;
  for (const count of counts.values()) most = Math.max(most, count);
  return most > 1 ? most : 0;
}

/** `412 GETs, 380 identical`, `1 PATCH`. */
export function countedMethod(method: string, count: number, identical: number): string {
  const noun = count === 1 ? method : `${method}${/(S|SH|CH|X)$/.test(method) ? 'es' : 's'}`;
  const same = identical === 0 ? '' : identical === count ? ', all identical' : `, ${identical} identical`;
  return `${count} ${noun}${same}`;
}

/** Label of several requests of one kind: `412 GETs, 380 identical: /api/v1/namespaces/shop/pods/{:name}`. */
export function requestsLabel(nodes: readonly RowNode[]): Label {
  const spans = nodes.flatMap(({ spans: [first] }) => (first === undefined ? [] : [first]));
  const all = spans.map(({ span }) => requestOf(span));
  const durations = spans.map(({ duration }) => duration);
  const [first] = all as [ClientRequest, ...ClientRequest[]];
  const counted = countedMethod(first.method, all.length, identicalCount(all.map(({ address }) => address)));
  const status = httpStatus((spans[0] as PlacedSpan).span) ?? 0;
  const path = `${commonPath(all)}${status >= 400 ? ` ${status}` : ''}`;
  const range = formatDurationRange(least(durations), most(durations));
  const sum = formatDuration(durations.reduce((total, duration) => total + duration, 0));
  const short = `…/${path.split('/').slice(-2).join('/')}`;
  return [
    `${counted}: ${path} ${range}, Σ ${sum}`,
    `${counted}: ${path}`,
    `${counted}: ${short} Σ ${sum}`,
    `${counted}: ${short}`,
    counted,
  ];
}

const least = (numbers: readonly number[]): number => numbers.reduce((one, other) => Math.min(one, other), Infinity);
const most = (numbers: readonly number[]): number => numbers.reduce((one, other) => Math.max(one, other), 0);

/** The path of all; names in which they differ are in braces, as in the API server's own span names. */
function commonPath(all: readonly ClientRequest[]): string {
  const [{ path, namespace, name }] = all as [ClientRequest, ...ClientRequest[]];
  const differs = (part: 'namespace' | 'name'): boolean => new Set(all.map((request) => request[part])).size > 1;
  let common = path;
  if (name !== undefined && differs('name'))
    common = replaced(common, `/${encodeURIComponent(name.toWellFormed())}`, '/{:name}', true);
  if (namespace !== undefined && differs('namespace')) {
    common = replaced(
      common,
      `/namespaces/${encodeURIComponent(namespace.toWellFormed())}`,
      '/namespaces/{:namespace}',
      false,
    );
  }
  return common;
}

/** With the first of a part replaced, or the last: a namespace may be called as a pod in it. */
function replaced(path: string, part: string, by: string, last: boolean): string {
  const index = last ? path.lastIndexOf(part) : path.indexOf(part);
  return index === -1 ? path : path.slice(0, index) + by + path.slice(index + part.length);
}

/** Request of a client span of this command. */
function requestOf(span: Span): ClientRequest {
  const url = textAttribute(span.attributes, 'url.full') ?? '';
  const address = /^[^/]*\/\/[^/]*(.*)$/s.exec(url)?.[1] ?? '';
  return {
    method: span.name,
    address,
    path: address.split('?', 1)[0] ?? '',
    namespace: textAttribute(span.attributes, 'k8s.request.namespace'),
    name: textAttribute(span.attributes, 'k8s.request.name'),
  };
}
