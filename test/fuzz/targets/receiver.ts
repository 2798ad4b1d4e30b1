import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { startTestServing } from '../../support/serving.ts';
import { protobufTrace } from '../../unit/backend/protobuf-trace.ts';
import { corpusOf } from '../engine/corpus.ts';
import { PROTOBUF_MUTATIONS, BYTE_MUTATIONS } from '../engine/mutate-bytes.ts';
import { promise, type OpenTarget, type Target } from '../engine/target.ts';
import { JSON_MUTATIONS } from './decoders.ts';
import { jsonText, protobufMessage } from './grammars.ts';
import { exchangeBytes, tcpTo } from './raw-socket.ts';
import { QUERIES, RAW_REQUESTS } from './receiver-corpus.ts';

const MIB = 1024 * 1024;

interface Receiving {
  readonly otlpURL: string;
  readonly queryURL: string;
  /** An ordinary export is acknowledged. */
  checkAlive(): Promise<void>;
  close(): Promise<void>;
}

async function openServe(): Promise<Receiving> {
  const ends: (() => Promise<void>)[] = [];
  const store = { maxBytes: 16 * MIB, maxAgeMillis: 86_400_000 };
  const { otlpURL, queryURL } = await startTestServing({ after: (end) => void ends.push(end) }, { store });
  return {
    otlpURL,
    queryURL,
    async checkAlive() {
      const { status } = await send(otlpURL, '/v1/traces', { 'content-type': 'application/x-protobuf' }, protobufTrace);
      promise(status === 200, `the response to an ordinary export is ${status} afterwards`);
    },
    async close() {
      for (const end of ends) await end();
    },
  };
}

interface Received {
  readonly status: number;
  readonly body: string;
}

/** Status 0: the connection ended without a response. */
function send(host: string, path: string, headers: Record<string, string>, body?: Buffer): Promise<Received> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ status: 0, body: '' });
    try {
      const outgoing = request(host, {
        method: body === undefined ? 'GET' : 'POST',
        path,
        headers,
        agent: false,
      });
      outgoing.on('error', end).on('response', (response) => {
        text(response).then((read) => resolve({ status: response.statusCode ?? 0, body: read }), end);
      });
      outgoing.end(body);
    } catch {
      // A path that the client itself refuses.
      end();
    }
  });
}

/** Between ordinary exports. */
const CHECK_EVERY = 25;

/** Feeds an input, and now and then checks that the receiver goes on. */
const checked = (feed: (receiving: Receiving, input: Buffer) => Promise<string>) => async (): Promise<OpenTarget> => {
  const receiving = await openServe();
  let fed = 0;
  return {
    close: () => receiving.close(),
    feed: async (input) => {
      const outcome = await feed(receiving, input);
      if (++fed % CHECK_EVERY === 0) await receiving.checkAlive();
      return outcome;
    },
  };
};

async function exportSpans({ otlpURL }: Receiving, input: Buffer): Promise<string> {
  const isJSON = /^\s*[{["]/.test(input.toString('latin1', 0, 64));
  const packed = input.length % 3 === 0;
  const headers = {
    'content-type': isJSON ? 'application/json' : 'application/x-protobuf',
    ...(packed && { 'content-encoding': 'gzip' }),
  };
  const { status } = await send(otlpURL, '/v1/traces', headers, packed ? gzipSync(input) : input);
  promise(status !== 500, 'an export ends in an internal error');
  return `${isJSON ? 'JSON' : 'protobuf'}: ${status}`;
}

const payloads: Target = {
  name: 'receiver-payloads',
  reads: 'exports to `serve`, protobuf and JSON, plain and compressed',
  corpus: () => [
    ...corpusOf('otlp-protobuf', 'tempo/trace-v1.pb'),
    ...corpusOf('otlp-json', 'jaeger/shop-v3.json', 'tempo/trace-v1.json'),
  ],
  mutations: [...PROTOBUF_MUTATIONS, ...JSON_MUTATIONS.slice(-5)],
  grammar: protobufMessage,
  isPure: false,
  open: checked(exportSpans),
};

const bytes: Target = {
  name: 'receiver-bytes',
  reads: 'bytes on the port of `serve`: HTTP/1.1, HTTP/2 and gRPC, whole and broken off',
  corpus: () => [...corpusOf('receiver-bytes'), ...RAW_REQUESTS],
  mutations: PROTOBUF_MUTATIONS,
  isPure: false,
  open: checked(async ({ otlpURL }, input) => {
    const response = (await exchangeBytes(tcpTo(otlpURL), input)).toString('latin1');
    promise(!/^HTTP\/1\.1 500/m.test(response), 'bytes end in an internal error');
    return response.slice(0, 12);
  }),
};

const queries: Target = {
  name: 'receiver-queries',
  reads: "paths and parameters of `serve`'s look-up API",
  corpus: () => [...corpusOf('receiver-queries'), ...QUERIES],
  mutations: BYTE_MUTATIONS,
  grammar: jsonText,
  isPure: false,
  open: checked(async ({ queryURL }, input) => {
    // As a client with a mistake sends it: what the path may not have is escaped.
    const path = `/${input
      .toString('latin1')
      .slice(0, 6000)
      .replaceAll(/[^!-~]/g, (one) => encodeURIComponent(one))}`;
    const { status } = await send(queryURL, path, {});
    promise(status !== 500, 'a query ends in an internal error');
    return String(status);
  }),
};

export const RECEIVER: readonly Target[] = [payloads, bytes, queries];
