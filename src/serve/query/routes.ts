import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../runtime.ts';
import type { StoreQuery } from '../../store/query.ts';
import type { StoredTrace, TraceReader } from '../../store/trace-reader.ts';
import type { Meter, Turns } from '../../store/turns.ts';
import type { Connections } from '../connections.ts';
import { send, sendV1, sendV1Error, sendV1Traces, sendV3Error, sendV3Traces } from './responses.ts';
import { CHALLENGES, refusalBy, type Gate } from '../gate.ts';
import { webPageProblem } from '../http-guard.ts';
import { isHex32, proofOf, SELF_PATH } from '../self.ts';
import type { Sending } from './send-pieces.ts';
import { sendText } from './held.ts';
import { isForBrowser, isForScript, sendWelcome, type Pages } from './page.ts';
import type { StartPage } from './start-page.ts';
import { isKnown, versionHeaders } from './trace-version.ts';
import { BadQuery, namedTraces, traceIDOf, v1Query, v3Query } from './parameters.ts';

/** The sources of the look-up API's responses. */
export interface ResponseSources {
  readonly reader: TraceReader;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly pages: Pages;
  readonly startPage: StartPage;
  /** The report of this server's work. */
  readonly self: () => object;
  /** Shared with the commands of the same user. */
  readonly secret: string;
  /** `unix:` and the path of the socket that clients use; undefined for a port. */
  readonly socket?: string;
}

/**
 * Serves Jaeger's look-up API, the first one and api_v3, as far as our own reader and Grafana's Jaeger data source use
 * them.
 */
export async function serveQuery(
  request: IncomingMessage,
  response: ServerResponse,
  sources: ResponseSources & Pick<QueryRequest, 'connections'> & { readonly gate: Gate | undefined },
): Promise<void> {
  // A path that begins with two slashes would be taken for a host.
  const url = new URL(`http://localhost${request.url ?? '/'}`);
  const sendError = url.pathname.startsWith('/api/v3/') ? sendV3Error : sendV1Error;
  const problem = webPageProblem(request, { mayNavigate: true, credentials: sources.gate?.credentials });
  if (problem !== undefined) return sendError(response, 403, problem);
  const refusal = refusalBy(sources.gate, request.headers.authorization);
  if (refusal !== undefined) {
    response.setHeader('www-authenticate', [...CHALLENGES]);
    return sendError(response, 401, refusal.message);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendError(response, 405, 'only GET is served here');
  try {
    for (const [pattern, serve] of ROUTES) {
      const parts = pattern.exec(url.pathname);
      if (parts === null) continue;
      const { connections } = sources;
      const values = parts.slice(1).map(decodeURIComponent);
      const meter = { spent: 0 };
      await serve({ parts: values, parameters: url.searchParams, request, response, sources, connections, meter });
      return;
    }
    sendError(response, 404, `${url.pathname} is not served here`);
  } catch (error) {
    if (error instanceof BadQuery || error instanceof URIError) return sendError(response, 400, error.message);
    throw error;
  }
}

interface QueryRequest {
  readonly request: IncomingMessage;
  readonly parts: readonly string[];
  readonly parameters: URLSearchParams;
  readonly response: ServerResponse;
  readonly sources: ResponseSources;
  readonly connections: Connections;
  /** The work done for it so far. */
  readonly meter: Meter;
}

type Route = readonly [pattern: RegExp, serve: (request: QueryRequest) => void | Promise<void>];

const ROUTES: readonly Route[] = [
  [/^\/api\/services$/, async (request) => sendV1(request.response, await services(request))],
  [/^\/api\/services\/([^/]+)\/operations$/, operationNames],
  [/^\/api\/operations$/, operations],
  [/^\/api\/traces$/, searchV1],
  [/^\/api\/traces\/([^/]+)$/, traceV1],
  [/^\/api\/v3\/services$/, async (request) => send(request.response, 200, { services: await services(request) })],
  [/^\/api\/v3\/operations$/, operationsV3],
  [/^\/api\/v3\/traces$/, searchV3],
  [/^\/api\/v3\/traces\/([^/]+)$/, traceV3],
  [new RegExp(`^${SELF_PATH}$`), self],
  [/^\/trace\/([^/]+)$/, page],
  [/^\/$/, start],
];

/** Sends the requested proof, bound to the address of the request. */
async function self({ parameters, request, response, sources }: QueryRequest): Promise<void> {
  const challenge = parameters.get('challenge') ?? '';
  const proof = isHex32(challenge)
    ? await proofOf(sources.secret, challenge, sources.socket ?? addressOf(request))
    : undefined;
  send(response, 200, { ...sources.self(), ...(proof !== undefined && { proof }) });
}

function addressOf({ socket }: IncomingMessage): string {
  const { localAddress = '', localPort } = socket;
  const address = localAddress.replace(/^::ffff:(?=\d+\.)/, '');
  return `${address.includes(':') ? `[${address}]` : address}:${localPort}`;
}

function operationNames({ parts: [service], response, sources }: QueryRequest): void {
  sendV1(response, [...new Set(sources.reader.operations(service).map(({ name }) => name))]);
}

function operations({ parameters, response, sources }: QueryRequest): void {
  const service = parameters.get('service') ?? '';
  if (service === '') throw new BadQuery("parameter 'service' is required");
  sendV1(response, operationsOf(service, parameters.get('spanKind'), sources));
}

function operationsV3({ parameters, response, sources }: QueryRequest): void {
  const service = parameters.get('service') ?? '';
  const kind = parameters.get('spanKind') ?? parameters.get('span_kind');
  send(response, 200, { operations: operationsOf(service, kind, sources) });
}

function operationsOf(service: string, kind: string | null, { reader }: ResponseSources): object[] {
  return reader
    .operations(service)
    .map((operation) => ({ name: operation.name, spanKind: operation.kind === 'unspecified' ? '' : operation.kind }))
    .filter(({ spanKind }) => kind === null || kind === '' || spanKind === kind);
}

const services = ({ response, sources: { reader, turns }, meter }: QueryRequest): Promise<string[]> =>
  turns.run(reader.services(), { meter, signal: goneSignal(response) });

function search(
  { response, sources: { reader, turns }, meter }: QueryRequest,
  query: StoreQuery,
): Promise<StoredTrace[]> {
  return turns.run(reader.search(query), { meter, signal: goneSignal(response) });
}

async function searchV1(request: QueryRequest): Promise<void> {
  const { parameters, response, sources } = request;
  const named = namedTraces(parameters);
  const traces =
    named.length > 0
      ? named.flatMap((id) => sources.reader.trace(id) ?? [])
      : await search(request, v1Query(parameters, sources.clock.now()));
  await sendV1Traces(response, traces, sendingOf(request));
}

async function traceV1(request: QueryRequest): Promise<void> {
  const { response, parts, sources } = request;
  const trace = sources.reader.trace(traceIDOf(parts[0] ?? ''));
  if (trace === undefined) sendV1Error(response, 404, 'trace not found');
  else await sendV1Traces(response, [trace], sendingOf(request));
}

async function searchV3(request: QueryRequest): Promise<void> {
  const { parameters, response } = request;
  const traces = await search(request, v3Query(parameters));
  if (traces.length === 0) sendV3Error(response, 404, 'No traces found');
  else await sendV3Traces(response, traces, sendingOf(request));
}

async function traceV3(request: QueryRequest): Promise<void> {
  const { response, parts, sources } = request;
  const trace = sources.reader.trace(traceIDOf(parts[0] ?? ''));
  if (trace === undefined) return sendV3Error(response, 404, 'trace not found');
  if (isKnown(request.request, response, trace)) return;
  await sendV3Traces(response, [trace], sendingOf(request), versionHeaders(trace));
}

const sendingOf = ({ sources: { turns }, connections, meter }: QueryRequest): Sending => ({
  turns,
  connections,
  meter,
});

async function start(request: QueryRequest): Promise<void> {
  const { response, parameters, sources } = request;
  const isForPage = isForBrowser(request.request) || isForScript(request.request);
  if (isForPage) await sources.startPage.send(request, parameters, sendingOf(request));
  else sendWelcome(response);
}

async function page(request: QueryRequest): Promise<void> {
  const { response, parts, sources } = request;
  const [id = ''] = parts;
  const trace = sources.reader.trace(traceIDOf(id));
  if (trace === undefined) sendText(response, 404, `There is no trace ${id} here (yet).\n`);
  else await sources.pages.send(request, trace, sendingOf(request));
}

/** Aborts when the client has disconnected. */
function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}
