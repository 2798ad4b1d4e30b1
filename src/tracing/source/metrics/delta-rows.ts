import { COMPONENT_ATTRIBUTE, type Component } from '../../../analysis/timing/component.ts';
import { unreported } from '../../../analysis/timing/unreported.ts';
import { seriesKey, type SeriesTotal } from '../../../codec/metrics/totals.ts';
import type { RequestReport } from '../../../report/report.ts';
import { after, between, nanos, type Nanos } from '../../../trace/time.ts';
import type { TraceInput } from '../../../trace/trace.ts';
import { ADMISSION_WEBHOOK } from './stages.ts';

export const ETCD_DURATION = 'etcd_request_duration_seconds';
export const TRANSFORMATION = 'apiserver_storage_transformation_duration_seconds';

/** How often an operation ran between two readings, by any client's requests, and how long it took in all. */
interface Operation {
  readonly metric: string;
  readonly name: string;
  readonly labels: SeriesTotal['labels'];
  readonly component: Component;
  readonly count: number;
  readonly total: Nanos;
}

/**
 * Rows of a request's operations in etcd, of encryption, and of webhooks that no exemplar names, from two readings of the same process. One that ran once, and
 * that this request must run, is the request's: its length is exact. Of one that ran more often the request's part is at
 * most the whole, and at most the gap that other stages leave. The position of either is not known:
 *
 *     storage, encode, write   |.....................|
 *     etcd create              |--------|              anywhere in it
 */
export function deltaRows(
  before: readonly SeriesTotal[],
  later: readonly SeriesTotal[],
  { rows, request }: { readonly rows: readonly TraceInput[]; readonly request: RequestReport },
): readonly TraceInput[] {
  const known = new Map(before.map((total) => [seriesKey(total), total]));
  const operations = later.flatMap((total) => operationOf(total, known.get(seriesKey(total)), request) ?? []);
  return operations.flatMap((operation): TraceInput[] => {
    const gap = gapFor(operation, rows, request);
    return gap === undefined ? [] : [rowIn(gap, operation, request)];
  });
}

function operationOf(
  later: SeriesTotal,
  before: SeriesTotal | undefined,
  request: RequestReport,
): Operation | undefined {
  const count = later.count - (before?.count ?? 0);
  const total = nanos((later.sum - (before?.sum ?? 0)) * 1e9);
  const { metric, labels } = later;
  if (count < 1 || total <= 0) return undefined;
  if (metric === ETCD_DURATION) {
    if (!isAbout(labels, request)) return undefined;
    return { metric, name: `etcd ${labels['operation'] ?? ''}`, labels, component: 'etcd', count, total };
  }
  if (metric === ADMISSION_WEBHOOK) {
    if (labels['operation'] !== ADMITTED_AS[request.method]) return undefined;
    return { metric, name: `webhook ${labels['name'] ?? ''}`, labels, component: 'webhook', count, total };
  }
  if (metric !== TRANSFORMATION) return undefined;
  const isIdentity = /identity/.test(labels['transformer_prefix'] ?? '');
  if (isIdentity || labels['status'] === undefined || labels['status'] !== 'OK') return undefined;
  const name = labels['transformation_type'] === 'to-storage' ? 'encryption' : 'decryption';
  return { metric, name, labels, component: 'apiserver', count, total };
}

/** The operation of each method, as admission names it (admission.k8s.io/v1, Operation). */
const ADMITTED_AS: Readonly<Record<string, string>> = {
  POST: 'CREATE',
  PUT: 'UPDATE',
  PATCH: 'UPDATE',
  DELETE: 'DELETE',
};

/** Since 1.34 by group and resource, before by `type`: `deployments.apps`. */
function isAbout({ resource, group, type }: SeriesTotal['labels'], request: RequestReport): boolean {
  if (resource !== undefined) return resource === request.resource && (group ?? '') === (request.group ?? '');
  const name = request.group ? `${request.resource}.${request.group}` : request.resource;
  return type !== undefined && type === name;
}

/** Operations that a request of each method runs in etcd, unless the watch cache has what it reads. */
const MUST: Readonly<Record<string, readonly string[]>> = {
  POST: ['create'],
  PUT: ['update'],
  PATCH: ['update'],
  DELETE: ['delete'],
  GET: ['get', 'list', 'listWithCount', 'listStream', 'getCurrentResourceVersion'],
};

function gapFor(
  { name, metric }: Operation,
  rows: readonly TraceInput[],
  request: RequestReport,
): TraceInput | undefined {
  const [root] = rows;
  // Without exemplars only the request as a whole is known; with them, each webhook has a row.
  const whole = root?.precision === 'length-only' ? root : undefined;
  if (metric === ADMISSION_WEBHOOK) return whole;
  const gaps = rows.filter(({ precision, inferred }) => inferred && precision === 'inferred');
  const isFirst = request.method !== 'GET' && /^(etcd get|decryption)/.test(name);
  const named = isFirst ? gaps.find(({ span }) => span.name.includes('read from storage')) : undefined;
  const cache = rows.find(({ span }) => span.name === 'wait for the watch cache');
  if (name === 'etcd getCurrentResourceVersion' && cache !== undefined) return cache;
  const storage = gaps.find(({ span }) => /(storage|read from the cache), encode, write/.test(span.name));
  return named ?? storage ?? whole;
}

function rowIn(gap: TraceInput, operation: Operation, request: RequestReport): TraceInput {
  const { name, labels, count, total, component, metric } = operation;
  const room = between(gap.span.start, gap.span.end);
  const isOwn = count === 1 && total <= room && mustRun(operation, request);
  const length = nanos(Math.min(total, room));
  const words = isOwn ? 'length only' : `at most, ${count} in all`;
  const row = unreported({
    parent: gap.span,
    key: `metrics delta ${name}`,
    name: `${name} (${words})`,
    short: name,
    start: gap.span.start,
    end: after(gap.span.start, length),
    component,
    source: 'gap',
  });
  const attributes = {
    ...row.span.attributes,
    [COMPONENT_ATTRIBUTE]: component,
    'metric.name': metric,
    ...Object.fromEntries(Object.entries(labels).map(([label, value]) => [`metric.label.${label}`, value])),
  };
  const precision = isOwn ? 'length-only' : 'at-most';
  // A length that is known is no inference, whatever its position.
  return { ...row, span: { ...row.span, attributes }, source: 'metric', inferred: !isOwn, precision };
}

const mustRun = ({ metric, labels }: Operation, { method }: RequestReport): boolean =>
  metric === ETCD_DURATION && (MUST[method] ?? []).includes(labels['operation'] ?? '');
