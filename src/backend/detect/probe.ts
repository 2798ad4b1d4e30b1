import type { BackendKind, Lookup } from '../backend.ts';
import { get, type BackendResponse, type HTTPOptions } from '../http/client.ts';
import { BACKEND_KINDS, KINDS } from '../kinds.ts';
import { explain } from './probe-failure.ts';
import { isObject, list, parseJSON } from '../../codec/json.ts';

/** The backend at an address. */
export interface Recognised {
  readonly status: 'recognised';
  readonly kind: BackendKind;
  /** The address that was given, or one below it. */
  readonly url: string;
  /** The services that it has spans of, as far as the response lists them. */
  readonly services: readonly string[];
}

/** A response to one request that only one kind of backend sends. */
interface Sign {
  readonly kind: BackendKind;
  readonly path: string;
  /** The services that the response names; undefined when it is not this kind's response. */
  readonly read: (code: number, body: string) => readonly string[] | undefined;
}

const SIGNS: readonly Sign[] = [
  { kind: 'victoriatraces', path: '/select/jaeger/api/services', read: jaegerServices },
  { kind: 'tempo', path: '/api/echo', read: (code, body) => (code === 200 && body.trim() === 'echo' ? [] : undefined) },
  {
    kind: 'grafana',
    path: '/api/health',
    read: (_code, body) => (hasKeys(parseJSON(body), 'database') ? [] : undefined),
  },
  {
    kind: 'zipkin',
    path: '/api/v2/services',
    read: (code, body) => {
      const names = parseJSON(body);
      return code === 200 && Array.isArray(names) ? texts(names) : undefined;
    },
  },
  { kind: 'jaeger', path: '/api/services', read: jaegerServices },
  // Without any service api_v3 returns {}, which other servers may return as well: hence last.
  {
    kind: 'jaeger',
    path: '/api/v3/services',
    read: (code, body) => {
      const response = parseJSON(body);
      if (code !== 200 || !isObject(response)) return undefined;
      return 'services' in response || Object.keys(response).length === 0 ? texts(response['services']) : undefined;
    },
  },
];

function jaegerServices(code: number, body: string): readonly string[] | undefined {
  const response = parseJSON(body);
  return code === 200 && hasKeys(response, 'data', 'errors') ? texts(response['data']) : undefined;
}

const hasKeys = (value: unknown, ...keys: readonly string[]): value is { readonly [key: string]: unknown } =>
  isObject(value) && keys.every((key) => key in value);

const texts = (value: unknown): readonly string[] => list(value).filter((item) => typeof item === 'string');

/** Options of a probe at one address, for the kinds that it may be. */
export interface ProbeOptions {
  readonly optionsOf: OptionsOfKind;
  /** All without it. */
  readonly kinds?: readonly BackendKind[];
}

export type OptionsOfKind = (kind: BackendKind) => HTTPOptions;

/**
 * Sends the requests by which each kind of backend is recognised, all at once. If none is, it tries the paths below
 * which a kind is often served. `unavailable` and `failed` name the server that responded instead, and the address to
 * give. Never rejects.
 */
export async function probe(
  url: string,
  { optionsOf, kinds = BACKEND_KINDS }: ProbeOptions,
  signal: AbortSignal,
): Promise<Recognised | Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>> {
  const signs = SIGNS.filter(({ kind }) => kinds.includes(kind));
  const responses = await query(url, signs, optionsOf, signal);
  const here = recognise(url, responses);
  if (here !== undefined) return here;
  const unavailable = responses.find(({ response }) => response.status === 'unavailable')?.response;
  // A server that responds is named in the failure; one that refuses connections may be up later.
  if (unavailable?.status === 'unavailable' && responses.every(({ response }) => response.status === 'unavailable')) {
    return unavailable;
  }
  if (responses.some(({ response }) => response.status === 'responded' || isRedirect(response))) {
    const below = kinds.flatMap((kind) => KINDS[kind].prefixes.map((prefix) => ({ kind, at: `${url}${prefix}` })));
    const found = await Promise.all(
      below.map(async ({ kind, at }) => {
        const ofKind = signs.filter((sign) => sign.kind === kind);
        return recognise(at, await query(at, ofKind, optionsOf, signal));
      }),
    );
    const first = found.find((item) => item !== undefined);
    if (first !== undefined) return first;
  }
  return explain(
    url,
    responses.map(({ response }) => response),
    optionsOf('jaeger'),
    signal,
  );
}

const isRedirect = (response: BackendResponse): boolean =>
  response.status === 'failed' && response.reason === 'BackendRedirects';

interface ProbeResult {
  readonly sign: Sign;
  readonly response: BackendResponse;
}

/** The responses that identify a backend are small; no backend sends a larger one. */
const MAX_BODY_BYTES = 1024 * 1024;

function query(
  url: string,
  signs: readonly Sign[],
  optionsOf: OptionsOfKind,
  signal: AbortSignal,
): Promise<readonly ProbeResult[]> {
  return Promise.all(
    signs.map(async (sign) => ({
      sign,
      response: await get(
        `${url}${sign.path}`,
        { ...optionsOf(sign.kind), largestBody: MAX_BODY_BYTES },
        signal,
        '*/*',
      ),
    })),
  );
}

function recognise(url: string, results: readonly ProbeResult[]): Recognised | undefined {
  for (const { sign, response } of results) {
    if (response.status !== 'responded') continue;
    const services = sign.read(response.code, response.text);
    if (services !== undefined) return { status: 'recognised', kind: sign.kind, url, services };
  }
  return undefined;
}
