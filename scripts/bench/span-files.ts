import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

export const SHAPES = ['deep', 'wide', 'mixed'] as const;
export type Shape = (typeof SHAPES)[number];
export const FORMATS = ['jaeger', 'otlp'] as const;
export type Format = (typeof FORMATS)[number];

interface GeneratedSpan {
  readonly id: string;
  readonly parent: string | undefined;
  readonly service: number;
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  /** Microseconds. */
  readonly start: number;
  readonly duration: number;
}

const SERVICES = ['gateway', 'orders', 'payments', 'stock', 'users', 'postgres'];
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const STARTED_AT = 1_795_478_400_000_000;
const HOUR = 3_600_000_000;

/** Every span its own name in the wide one, so that nothing of it folds; a few names in the others, as in life. */
function* generate(shape: Shape, count: number): Generator<GeneratedSpan> {
  const spans: GeneratedSpan[] = [];
  // A multiplicative generator: the same files each time.
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let index = 0; index < count; index++) {
    const parentIndex = shape === 'deep' ? index - 1 : shape === 'wide' ? 0 : Math.floor(random() ** 2 * index);
    const parent = index === 0 ? undefined : spans[parentIndex];
    const service = shape === 'mixed' ? Math.floor(random() * SERVICES.length) : index % SERVICES.length;
    const from = parent?.start ?? STARTED_AT;
    const room = parent?.duration ?? HOUR;
    const start = from + Math.floor(random() * room * (shape === 'deep' ? 0 : 0.7));
    const span: GeneratedSpan = {
      id: (index + 1).toString(16).padStart(16, '0'),
      parent: parent?.id,
      service,
      name: shape === 'wide' ? `item ${index}` : `operation ${service}.${index % 7}`,
      kind: index % 3 === 0 ? 'server' : index % 3 === 1 ? 'client' : 'internal',
      start,
      duration: Math.max(1, shape === 'deep' ? room - 2 : Math.floor(room * 0.3 * random())),
    };
    spans.push(span);
    yield span;
  }
}

const attributesOf = ({ id, kind, service }: GeneratedSpan): [string, string | number][] => [
  ['http.request.method', 'GET'],
  ['url.path', `/v1/${SERVICES[service]}/${Number.parseInt(id, 16) % 1000}`],
  ['http.response.status_code', 200],
  ['server.address', `${SERVICES[service]}.shop.svc.cluster.local`],
  ['network.peer.port', 8080],
  ['span.side', kind],
];

/** Writes a trace as one JSON document. */
export async function writeSpans(file: string, format: Format, shape: Shape, count: number): Promise<void> {
  const out = createWriteStream(file);
  const write = async (text: string): Promise<void> => void (out.write(text) || (await once(out, 'drain')));
  if (format === 'jaeger') {
    await write(`{"data":[{"traceID":"${TRACE_ID}","spans":[`);
    let first = true;
    for (const span of generate(shape, count)) {
      await write((first ? '' : ',') + JSON.stringify(jaegerSpan(span)));
      first = false;
    }
    const processes = Object.fromEntries(SERVICES.map((serviceName, i) => [`p${i}`, { serviceName, tags: [] }]));
    await write(`],"processes":${JSON.stringify(processes)}}]}`);
  } else {
    const byService = Map.groupBy(generate(shape, count), ({ service }) => service);
    const resourceSpans = [...byService].map(([service, spans]) => {
      const attributes = [{ key: 'service.name', value: { stringValue: SERVICES[service] } }];
      return JSON.stringify({
        resource: { attributes },
        scopeSpans: [{ scope: { name: 'shop' }, spans: spans.map(otlpSpan) }],
      });
    });
    await write(`{"resourceSpans":[${resourceSpans.join(',')}]}`);
  }
  out.end();
  await once(out, 'close');
}

function jaegerSpan(span: GeneratedSpan): unknown {
  const { id, parent, name, start, duration, kind, service } = span;
  return {
    traceID: TRACE_ID,
    spanID: id,
    operationName: name,
    references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: TRACE_ID, spanID: parent }],
    startTime: start,
    duration,
    tags: [
      { key: 'span.kind', type: 'string', value: kind },
      ...attributesOf(span).map(([key, value]) => ({
        key,
        type: typeof value === 'string' ? 'string' : 'int64',
        value,
      })),
    ],
    logs:
      start % 4 === 0
        ? [{ timestamp: start + 1, fields: [{ key: 'event', type: 'string', value: 'cache missed' }] }]
        : [],
    processID: `p${service}`,
  };
}

const KINDS = { internal: 1, server: 2, client: 3 } as const;

function otlpSpan(span: GeneratedSpan): unknown {
  const { id, parent, name, start, duration, kind } = span;
  return {
    traceId: TRACE_ID,
    spanId: id,
    ...(parent !== undefined && { parentSpanId: parent }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: `${start}000`,
    endTimeUnixNano: `${start + duration}000`,
    attributes: attributesOf(span).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
    })),
    events: start % 4 === 0 ? [{ timeUnixNano: `${start + 1}000`, name: 'cache missed' }] : [],
    status: {},
  };
}
