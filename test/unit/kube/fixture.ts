import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Exchange, KubeRequest } from '../../../src/kube/http/exchange.ts';
import { get } from '../../../src/kube/api/request.ts';
import { requestContext, type RequestContext } from '../../../src/propagation/request-context.ts';
import type { Clock, Environment, Runtime } from '../../../src/runtime.ts';
import { epochNanos, nanos } from '../../../src/trace/time.ts';
import { HERE } from '../../support/platforms.ts';

const startedNanos = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => epochNanos(startedNanos + process.hrtime.bigint()),
  sleep: (millis, signal) => delay(millis, undefined, signal === undefined ? {} : { signal }),
};

/** A world for the code under test: real time and randomness, and no environment but the one given. */
export function testRuntime(over: Partial<Runtime> = {}): Runtime {
  const silent = { write: (): void => {} };
  const terminal = { isTTY: false, columns: undefined };
  return {
    input: () => Readable.from([]),
    out: silent,
    err: silent,
    outTerminal: terminal,
    errTerminal: terminal,
    clock: systemClock,
    random: (size) => randomBytes(size),
    fetch: globalThis.fetch,
    env: {} satisfies Environment,
    platform: HERE,
    nodejs: { version: process.version, arch: process.arch, isExecutable: false },
    cwd: tmpdir(),
    home: tmpdir(),
    pid: process.pid,
    isAlive: () => true,
    uid: process.geteuid?.(),
    interrupted: new AbortController().signal,
    keepExitCode: () => {},
    takeSignals: () => () => {},
    ...over,
  };
}

export const newContext = (): RequestContext => requestContext(randomBytes);

/** Sends a request to a cluster, with a new context. */
export function send(cluster: Cluster, request: KubeRequest, signal = new AbortController().signal): Promise<Exchange> {
  return cluster.send(request, newContext(), signal);
}

/** A finished exchange: `GET /api/v1/nodes`, with status 200 and an empty body by default. */
export function exchange(over: Partial<Exchange> = {}): Exchange {
  const context = newContext();
  return {
    request: { ...get('request', '/api/v1/nodes', 'application/json'), group: '', version: 'v1', resource: 'nodes' },
    context,
    startedAt: epochNanos(1_795_000_000_000_000_000n),
    durationNanos: nanos(21_000),
    phases: {
      dnsNanos: nanos(1000),
      connectNanos: nanos(2000),
      tlsNanos: nanos(3000),
      sendNanos: nanos(4000),
      waitNanos: nanos(5000),
      receiveNanos: nanos(6000),
    },
    connectionReused: false,
    status: 200,
    headers: {},
    body: new Uint8Array(),
    requestBytes: 0,
    responseBytes: 0,
    auditID: context.auditID,
    warnings: [],
    error: null,
    ...over,
  };
}

/** The same with a JSON body. */
export function answer(status: number, body: unknown, over: Partial<Exchange> = {}): Exchange {
  return exchange({ status, body: Buffer.from(JSON.stringify(body)), ...over });
}
