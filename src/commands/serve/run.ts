import { counted } from '../../format/counted.ts';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServeInvocation } from './arguments.ts';
import { loadDrawing } from './drawing.ts';
import { formatBytes } from '../../analysis/wording/bytes.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { ExitCode, TraceCommandError } from '../../errors.ts';
import { escapeText } from '../../render/escape.ts';
import type { Runtime } from '../../runtime.ts';
import { ServeCredentials } from '../../serve/credentials.ts';
import { isLoopback } from '../../serve/exposure.ts';
import { startServing, type Security, type Serving } from '../../serve/serve.ts';
import {
  defaultDatabase,
  isRunning,
  readServeState,
  removeServeState,
  writeServeState,
  type ServeState,
} from '../../tracing/backend/serve-state.ts';
import { programName } from '../../format/program-name.ts';

/** `kubectl trace serve`: receives spans until it is interrupted. Ends with 0 then: that is how it is meant to end. */
export async function runServe(invocation: ServeInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  const { clock, fetch, random, interrupted } = runtime;
  const say = (line: string): void => runtime.err.write(`${escapeText(line)}\n`);
  const database = databasePath(invocation, runtime);
  await refuseSecond(database, runtime);
  const secret = Buffer.from(random(32)).toString('hex');
  const security = securityOf(invocation, runtime);
  const socket = invocation.socket === undefined ? undefined : resolve(runtime.cwd, invocation.socket);
  const serving = await startServing(
    {
      otlp: [invocation.listen, ...(invocation.listenHTTP === undefined ? [] : [invocation.listenHTTP])],
      query: [
        ...(socket === undefined ? [] : [{ path: socket, uid: runtime.uid }]),
        ...(invocation.listenQuery === undefined ? [] : [invocation.listenQuery]),
      ],
      security,
      secret,
      database,
      store: { maxBytes: invocation.maxBytes, maxAgeMillis: invocation.maxAge / 1e6, uid: runtime.uid },
      ...(invocation.forward !== undefined && { forward: invocation.forward }),
    },
    { pid: runtime.pid, version },
    { clock, fetch, say, draw: () => loadDrawing(version, runtime) },
  );
  const url = ownAddress(serving, socket, security);
  const state: ServeState | undefined = url === undefined ? undefined : { secret, pid: runtime.pid, url, database };
  try {
    if (state !== undefined) {
      await writeServeState(state, runtime).catch((error: unknown) => {
        say(`note: the other commands will not find this server: ${String(error)}`);
      });
    }
    greet(serving, { invocation, database, say });
    await untilAborted(interrupted);
  } finally {
    if (state !== undefined) removeServeState(state, runtime);
    await serving.close();
  }
  say(farewell(serving, invocation));
  return ExitCode.ok;
}

function databasePath({ database }: ServeInvocation, runtime: Runtime): string {
  if (database === undefined) return defaultDatabase(runtime);
  return isAbsolute(database) ? database : resolve(runtime.cwd, database);
}

/** Two processes that write one file would each remove the other's latest data. */
async function refuseSecond(database: string, runtime: Runtime): Promise<void> {
  const state = readServeState(runtime);
  if (state?.database !== database || !(await isRunning(state, runtime))) return;
  throw new TraceCommandError(
    ExitCode.requestFailed,
    'AlreadyServing',
    `${programName()} serve is already running as process ${state.pid}, and stores traces in ${database}`,
    { hint: 'the other commands find it on their own; for a second one give --database and other addresses' },
  );
}

interface Greeting {
  readonly invocation: ServeInvocation;
  readonly database: string;
  readonly say: (line: string) => void;
}

function greet({ otlp, query }: Serving, { invocation, database, say }: Greeting): void {
  const { maxBytes, maxAge, forward, security } = invocation;
  const isPlain = (address: string): boolean =>
    security === undefined || (security.plainLoopbackOTLP && isLoopback(hostOf(address)));
  const { plain = [], secured = [] } = Object.groupBy(otlp, (address) => (isPlain(address) ? 'plain' : 'secured'));
  const without = security === undefined ? '' : ', in plain text';
  if (plain.length > 0) say(`Receiving OTLP on ${plain.join(' and ')}, over gRPC and HTTP${without}`);
  if (secured.length > 0) say(`Receiving OTLP on ${secured.join(' and ')}, over gRPC and HTTP${SECURED}`);
  const scheme = security === undefined ? 'http' : 'https';
  const addresses = query.map((item) => (item.startsWith('unix:') ? item : `${scheme}://${item}`));
  say(`Serving Jaeger's query API on ${addresses.join(' and ')}${security === undefined ? '' : SECURED}`);
  say(`Storing up to ${formatBytes(maxBytes)} and ${formatDuration(maxAge)} of traces in ${database}`);
  if (forward !== undefined) say(`Forwarding everything to ${forward}`);
  if (security !== undefined && !query.some((item) => item.startsWith('unix:'))) {
    say('Other commands read it with --backend local=https://NAME:PORT, --backend-ca and --backend-token-file');
  }
}

const SECURED = ', with TLS and a token';

/** The address without its port. */
const hostOf = (address: string): string => address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');

/** The address at which other commands of this user find it; undefined where they need a certificate and the token. */
function ownAddress(
  { query }: Serving,
  socket: string | undefined,
  security: Security | undefined,
): string | undefined {
  if (socket !== undefined) return `unix://${pathToFileURL(socket).pathname}`;
  return security === undefined ? `http://${query[0]}` : undefined;
}

function securityOf({ security }: ServeInvocation, { cwd, uid }: Runtime): Security | undefined {
  if (security === undefined) return undefined;
  const [certificate, key, token] = [security.certificate, security.key, security.token].map((file) =>
    resolve(cwd, file),
  ) as [string, string, string];
  const { plainLoopbackOTLP } = security;
  return { credentials: new ServeCredentials({ certificate, key, token }, uid), plainLoopbackOTLP };
}

function farewell({ counts }: Serving, { forward }: ServeInvocation): string {
  const parts = [`stored ${counted(counts.storedSpans, 'span')}`];
  if (counts.rejectedSpans > 0) parts.push(`rejected ${counts.rejectedSpans} without valid ID or time, or too large`);
  if (counts.busy + counts.refused > 0) parts.push(`refused ${counted(counts.busy + counts.refused, 'request')}`);
  if (counts.removedTraces > 0)
    parts.push(`removed ${counted(counts.removedTraces, 'old trace')} of ${counted(counts.removedSpans, 'span')}`);
  if (forward !== undefined)
    parts.push(`forwarded ${counted(counts.forwarded, 'request')} and dropped ${counts.notForwarded}`);
  return `Ended: ${parts.join(', ')}`;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((end) => {
    if (signal.aborted) return end();
    signal.addEventListener('abort', () => end(), { once: true });
  });
}
