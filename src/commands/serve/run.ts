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
import { startServing, type Serving } from '../../serve/serve.ts';
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
  const socket = invocation.socket === undefined ? undefined : resolve(runtime.cwd, invocation.socket);
  const serving = await startServing(
    {
      otlp: [invocation.listen, ...(invocation.listenHTTP === undefined ? [] : [invocation.listenHTTP])],
      query: [
        ...(socket === undefined ? [] : [{ path: socket, uid: runtime.uid }]),
        ...(invocation.listenQuery === undefined ? [] : [invocation.listenQuery]),
      ],
      secret,
      database,
      store: { maxBytes: invocation.maxBytes, maxAgeMillis: invocation.maxAge / 1e6, uid: runtime.uid },
      ...(invocation.forward !== undefined && { forward: invocation.forward }),
    },
    { pid: runtime.pid, version },
    { clock, fetch, say, draw: () => loadDrawing(version, runtime) },
  );
  const url =
    socket === undefined ? `http://${reachable(serving.query[0]!)}` : `unix://${pathToFileURL(socket).pathname}`;
  const state: ServeState = { secret, pid: runtime.pid, url, database };
  try {
    await writeServeState(state, runtime).catch((error: unknown) => {
      say(`note: the other commands will not find this server: ${String(error)}`);
    });
    greet(serving, { invocation, database, say });
    await untilAborted(interrupted);
  } finally {
    removeServeState(state, runtime);
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
  const { maxBytes, maxAge, forward } = invocation;
  say(`Receiving OTLP on ${otlp.join(' and ')}, over gRPC and HTTP`);
  const addresses = query.map((item) => (item.startsWith('unix:') ? item : `http://${item}`));
  say(`Serving Jaeger's query API on ${addresses.join(' and ')}`);
  say(`Storing up to ${formatBytes(maxBytes)} and ${formatDuration(maxAge)} of traces in ${database}`);
  if (forward !== undefined) say(`Forwarding everything to ${forward}`);
  for (const address of [...otlp, ...query]) {
    if (!isLoopback(address)) say(`Warning: every client that reaches ${address} can send spans and read them`);
  }
}

const isLoopback = (address: string): boolean => /^(127\.|\[::1\]|unix:)/.test(address);

/** An address that everything is listened on is reached on this machine by its loopback address. */
const reachable = (address: string): string => address.replace(/^(0\.0\.0\.0|\[::\]):/, '127.0.0.1:');

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
