import type { BackendKind } from '../../../src/backend/backend.ts';
import { openBackend } from '../../../src/backend/registry.ts';
import { parseTraceID } from '../../../src/trace/ids.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import { systemClock } from '../../unit/kube/fixture.ts';
import { corpusOf } from '../engine/corpus.ts';
import { PROTOBUF_MUTATIONS } from '../engine/mutate-bytes.ts';
import { promise, stateless, type Target } from '../engine/target.ts';
import { JSON_MUTATIONS } from './decoders.ts';
import { jsonText } from './grammars.ts';

const KINDS: readonly (BackendKind | undefined)[] = [
  'jaeger',
  'tempo',
  'zipkin',
  'victoriatraces',
  'grafana',
  undefined,
];
const STATUSES = [200, 200, 200, 200, 404, 400, 401, 403, 429, 500, 301];
const TYPES = ['application/json', 'application/protobuf', 'text/html', ''];

const TRACE = parseTraceID('0af7651916cd43dd8448eb211c80319c')!;
const QUERY = {
  service: 'apiserver',
  attributes: { 'audit-id': 'x' },
  from: epochNanos(1n),
  to: epochNanos(2n ** 62n),
  limit: 5,
};

/** Every response has the same body; what else it has follows from the body, so that an input is one body. */
async function feed(input: Buffer): Promise<string> {
  const sum = input.reduce((total, byte) => (total * 31 + byte) % 99_991, 7);
  const kind = KINDS[sum % KINDS.length];
  const status = STATUSES[Math.floor(sum / 7) % STATUSES.length] as number;
  const type = TYPES[Math.floor(sum / 3) % TYPES.length] as string;
  const respond = async (): Promise<Response> => {
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < input.length; at += 1024)
          controller.enqueue(new Uint8Array(input.subarray(at, at + 1024)));
        controller.close();
      },
    });
    const headers = {
      ...(type !== '' && { 'content-type': type }),
      location: 'http://[',
      'retry-after': input.toString('latin1', 0, 8).replaceAll(/[^ -~]/g, ''),
    };
    return new Response(pieces, { status, headers });
  };
  const backend = openBackend(
    { kind, url: 'http://127.0.0.1:1' },
    { fetch: respond, random: (size) => new Uint8Array(size).fill(3), clock: systemClock },
  );
  const signal = new AbortController().signal;
  const lookups = [await backend.byID(TRACE, signal), await backend.search(QUERY, signal)];
  for (const lookup of lookups) {
    promise(['found', 'absent', 'unavailable', 'failed'].includes(lookup.status), `a look-up is ${lookup.status}`);
    if (lookup.status === 'found') promise(lookup.spans.length > 0, 'a trace without spans is found');
  }
  return `${kind ?? 'unknown kind'} ${status}: ${lookups.map((one) => one.status).join(', ')}`;
}

const RESPONSES = [
  'jaeger/shop-v1.json',
  'jaeger/shop-v3.json',
  'jaeger/search-none-v1.json',
  'jaeger/missing-v3.json',
  'jaeger/web-page.html',
  'tempo/search.json',
  'tempo/trace-v2.json',
  'tempo/trace-v2.pb',
  'tempo/search-refused.txt',
  'zipkin/search.json',
  'zipkin/missing.txt',
  'victoriatraces/search.json',
  'victoriatraces/unsupported.txt',
];

export const BACKENDS: readonly Target[] = [
  {
    name: 'backend-responses',
    reads: 'responses of Jaeger, Tempo, Zipkin, VictoriaTraces and Grafana, by the adapter of each kind',
    corpus: () => corpusOf('backend-responses', ...RESPONSES),
    mutations: [...JSON_MUTATIONS, ...PROTOBUF_MUTATIONS],
    grammar: jsonText,
    isPure: true,
    open: stateless(feed),
  },
];
