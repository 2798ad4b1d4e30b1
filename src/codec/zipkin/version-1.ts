import { nanosFromMicros } from '../integer.ts';
import { isObject, list, text, type JSONObject } from '../json.ts';

/*
 * Zipkin's first format, which old instrumentation and Envoy still write: what became `kind`, `tags` and `localEndpoint`
 * in v2 are annotations there, each with the endpoint that made it. How they are read: zipkin2.v1.V1SpanConverter
 * (openzipkin/zipkin).
 */

/** The annotations that begin and end the work of each side. */
const SIDES = [
  { kind: 'CLIENT', begin: 'cs', end: 'cr' },
  { kind: 'SERVER', begin: 'sr', end: 'ss' },
  { kind: 'PRODUCER', begin: 'ms', end: 'ws' },
  { kind: 'CONSUMER', begin: 'mr', end: 'wr' },
] as const;
type Side = (typeof SIDES)[number];
const CORE: ReadonlySet<string> = new Set(SIDES.flatMap(({ begin, end }) => [begin, end]));
/** Binary annotations that are addresses: of the client, the server, the broker. */
const ADDRESSES: ReadonlySet<string> = new Set(['ca', 'sa', 'ma']);

/** It has what only v1 has, and nothing that only v2 has. */
export function isV1Span(raw: JSONObject): boolean {
  if ('kind' in raw || 'localEndpoint' in raw || 'tags' in raw) return false;
  return 'binaryAnnotations' in raw || list(raw['annotations']).some((one) => isObject(one) && 'endpoint' in one);
}

/**
 * The same as v2 has it: one span, or two where client and server wrote into one. Without a duration, a span lasts from
 * the annotation that begins its side to the one that ends it; where that is missing it has not ended.
 */
export function fromV1(raw: JSONObject): JSONObject[] {
  const annotations = list(raw['annotations']).filter(isObject);
  const sides = SIDES.filter(({ begin, end }) => has(annotations, begin) || has(annotations, end));
  const [first, second] = sides;
  if (first === undefined) return [withoutSide(raw, annotations)];
  if (second === undefined) return [ofSide(raw, annotations, first, () => true)];
  const [one, other] = [first, second].map((side) => serviceOf(annotations, side));
  // A process that calls itself writes everything under one name: its side is then unknown.
  return [
    ofSide(raw, annotations, first, (service) => service === one || service !== other),
    { ...ofSide(raw, annotations, second, (service) => service === other && one !== other), shared: true },
  ];
}

const timeOf = (annotations: readonly JSONObject[], value: string): unknown =>
  annotations.find((one) => one['value'] === value)?.['timestamp'];
const has = (annotations: readonly JSONObject[], value: string): boolean => timeOf(annotations, value) !== undefined;

const serviceName = ({ endpoint }: JSONObject): string => (isObject(endpoint) ? text(endpoint['serviceName']) : '');

function serviceOf(annotations: readonly JSONObject[], { begin, end }: Side): string {
  return annotations.filter(({ value }) => value === begin || value === end).map(serviceName)[0] ?? '';
}

function ofSide(
  raw: JSONObject,
  annotations: readonly JSONObject[],
  side: Side,
  owns: (service: string) => boolean,
): JSONObject {
  const { kind, begin, end } = side;
  const [from, to] = [timeOf(annotations, begin), timeOf(annotations, end)];
  // A span that both sides wrote into has the client's times; a server's own are its annotations.
  const own = kind === 'SERVER' && has(annotations, 'cs') ? {} : raw;
  const timestamp = own['timestamp'] ?? from ?? raw['timestamp'];
  return {
    ...identity(raw),
    kind,
    timestamp,
    duration: own['duration'] ?? (own['timestamp'] === undefined || from !== undefined ? elapsed(from, to) : undefined),
    localEndpoint: { serviceName: serviceOf(annotations, side) || firstService(raw) },
    annotations: annotations.filter((one) => !CORE.has(text(one['value'])) && owns(serviceName(one))),
    tags: tagsOf(raw, owns),
  };
}

/** Local work: its name is that of the endpoint of whatever was noted. */
function withoutSide(raw: JSONObject, annotations: readonly JSONObject[]): JSONObject {
  const times = annotations.map(({ timestamp }) => timestamp).filter((time) => nanosFromMicros(time) !== undefined);
  return {
    ...identity(raw),
    timestamp: raw['timestamp'] ?? times.toSorted((a, b) => Number(a) - Number(b))[0],
    duration: raw['duration'],
    localEndpoint: { serviceName: firstService(raw) },
    annotations,
    tags: tagsOf(raw, () => true),
  };
}

const identity = ({ traceId, id, parentId, name, debug }: JSONObject): JSONObject => ({
  traceId,
  id,
  ...(parentId !== undefined && parentId !== null && { parentId }),
  name,
  debug,
});

function elapsed(from: unknown, to: unknown): number | undefined {
  const [start, end] = [nanosFromMicros(from), nanosFromMicros(to)];
  return start === undefined || end === undefined || end < start ? undefined : Number((end - start) / 1000n);
}

const firstService = ({ annotations, binaryAnnotations }: JSONObject): string =>
  [...list(annotations), ...list(binaryAnnotations)]
    .filter(isObject)
    .filter(({ key }) => !ADDRESSES.has(text(key)))
    .map(serviceName)
    .find((service) => service !== '') ?? '';

function tagsOf({ binaryAnnotations }: JSONObject, owns: (service: string) => boolean): Record<string, string> {
  const tags: [string, string][] = [];
  for (const one of list(binaryAnnotations)) {
    if (!isObject(one) || !owns(serviceName(one))) continue;
    const { key, value } = one;
    // An address has no value but `true`, and a marker of local work (lc) may have none.
    if (
      typeof key !== 'string' ||
      (ADDRESSES.has(key) && typeof value !== 'string') ||
      (key === 'lc' && value === '')
    ) {
      continue;
    }
    tags.push([key, typeof value === 'string' ? value : JSON.stringify(value ?? null)]);
  }
  return Object.fromEntries(tags);
}
