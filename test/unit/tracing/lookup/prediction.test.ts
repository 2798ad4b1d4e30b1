import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LookupFlags } from '../../../../src/cli/options/lookup.ts';
import { startPrediction } from '../../../../src/tracing/lookup/prediction.ts';
import { lookUpIn } from '../../../../src/tracing/lookup/find-traces.ts';
import type { LookupResult } from '../../../../src/tracing/lookup/task.ts';
import type { Cluster } from '../../../../src/kube/http/exchange.ts';
import type { RequestReport } from '../../../../src/report/report.ts';
import { between, nanos, nanosFromMillis } from '../../../../src/trace/time.ts';
import { exchange, testRuntime } from '../../kube/fixture.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { lookupTask, wantedOf } from '../../../support/lookup-task.ts';
import { nodesRequest } from '../../../support/reports.ts';
import { simulatedBackend } from '../../../support/simulated-backend.ts';
import { drawSampling, type Drawn, type Sent } from '../../../support/simulated-sampling.ts';
import { traceID } from '../../../support/spans.ts';

/** An API server that says what it is and whom it takes the user for, and keeps its Leases to itself. */
const clusterOf = ({ minor, groups }: Pick<Drawn, 'minor' | 'groups'>): Cluster => {
  const body = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  return {
    contextName: null,
    server: 'https://server.test',
    namespace: 'default',
    send: async (request) => {
      if (request.path === '/version') {
        return exchange({ status: 200, body: body({ gitVersion: `v1.${minor}.2`, major: '1', minor: String(minor) }) });
      }
      if (request.path.endsWith('/selfsubjectreviews')) {
        return exchange({ status: 201, body: body({ status: { userInfo: { username: 'somebody', groups } } }) });
      }
      return exchange({ status: 403, body: body({ kind: 'Status', code: 403 }) });
    },
    forward: () => Promise.reject(new Error('nothing is forwarded')),
    close: () => undefined,
  };
};

interface Looked extends LookupResult {
  readonly drawn: Drawn;
  readonly waitedMillis: number;
}

const usual: Pick<LookupFlags, 'wait' | 'waitIsExplicit' | 'waitIsDefault'> = {
  wait: nanosFromMillis(30_000),
  waitIsExplicit: false,
  waitIsDefault: true,
};

/** Looks for the trace of one request, in a world that a seed has made, or as that one is changed. */
async function lookFor(
  seed: number,
  { change = (drawn) => drawn, wait = usual }: { change?: (drawn: Drawn) => Drawn; wait?: typeof usual } = {},
): Promise<Looked> {
  const clock = new FakeClock();
  const startedAt = clock.now();
  const request: RequestReport = { ...nodesRequest };
  const sent: Sent = { traceID: traceID('a1'), spanID: request.spanID, auditID: request.auditID!, startedAt };
  const drawn = change(drawSampling(seed, sent));
  const durationNanos = between(startedAt, drawn.answeredAt);
  await clock.sleep(durationNanos / 1e6);
  const cluster = clusterOf(drawn);
  const runtime = testRuntime({ clock });
  const flags: LookupFlags = {
    ...wait,
    metrics: 'auto',
    metricsIsExplicit: false,
    requireComplete: false,
    history: false,
    backendIsExplicit: false,
  };
  const sentRequest = { ...request, durationNanos };
  const task = lookupTask({
    request: sentRequest,
    traceID: sent.traceID,
    startedAt,
    flags,
    predict: (prediction) => startPrediction(prediction, { cluster, explicit: flags.waitIsExplicit }, runtime),
  });
  const backend = simulatedBackend(clock, drawn.arrivals, drawn);
  const looked = await lookUpIn({ backend }, [wantedOf(task, sentRequest)], task, runtime);
  return { ...looked, drawn, waitedMillis: between(drawn.answeredAt, clock.now()) / 1e6 };
}

const told = ({ kind, minor, groups, ratePerMillion, ranMillis }: Drawn): string =>
  `${kind}, 1.${minor}, ${groups.join()}, rate ${ratePerMillion}, ran for ${ranMillis} ms`;

const IMMEDIATE: ReadonlySet<string> = new Set(['jaeger', 'zipkin', 'local']);
const isTrusted = ({ minor, groups }: Drawn): boolean => minor >= 33 && groups[0]?.startsWith('system:') === true;

suite('prediction, on 1,000 generated API servers and backends', () => {
  const all = Array.from({ length: 1000 }, (_, seed) => lookFor(seed));

  test('never calls a recorded trace impossible, however late a search shows it', async () => {
    let recorded = 0;
    for (const [seed, { drawn, error }] of (await Promise.all(all)).entries()) {
      if (!drawn.isRecorded) continue;
      recorded++;
      assert.notEqual(error?.reason, 'TraceNotSampled', `seed ${seed}: ${told(drawn)}`);
    }
    assert.ok(recorded > 300, `${recorded}`);
  });

  test('finds every trace that a search shows within the wait', async () => {
    for (const [seed, { drawn, error, waitedMillis }] of (await Promise.all(all)).entries()) {
      if (!drawn.isRecorded || (!IMMEDIATE.has(drawn.kind) && !isTrusted(drawn))) continue;
      assert.equal(error, null, `seed ${seed}: ${error?.message} after ${waitedMillis} ms`);
    }
  });

  test('reports early that no trace is possible if the search has no delay', async () => {
    let early = 0;
    for (const [seed, { drawn, error, waitedMillis }] of (await Promise.all(all)).entries()) {
      if (drawn.ratePerMillion !== 0 || isTrusted(drawn) || !IMMEDIATE.has(drawn.kind)) continue;
      early++;
      assert.equal(error?.reason, 'TraceNotSampled', `seed ${seed}`);
      assert.ok(waitedMillis < 9000, `seed ${seed}: ${waitedMillis} ms`);
    }
    assert.ok(early > 30, `${early}`);
  });

  test('does not treat an empty result of a delayed search as proof', async () => {
    for (const [seed, { drawn, requests, error }] of (await Promise.all(all)).entries()) {
      // VictoriaTraces is waited for longer than it may be behind.
      if (IMMEDIATE.has(drawn.kind) || drawn.kind === 'victoriatraces' || isTrusted(drawn)) continue;
      assert.notEqual(requests[0]?.report.prediction, 're-rooted-unsampled', `seed ${seed}`);
      assert.notEqual(error?.reason, 'TraceNotSampled', `seed ${seed}`);
    }
  });

  test('never calls a found trace unsampled', async () => {
    for (const [seed, { requests }] of (await Promise.all(all)).entries()) {
      const { foundBy, prediction } = requests[0]!.report;
      if (foundBy !== null) assert.notEqual(prediction, 're-rooted-unsampled', `seed ${seed}`);
    }
  });
});

const never = (drawn: Drawn): Drawn => ({
  ...drawn,
  minor: 37,
  groups: ['kubeadm:cluster-admins'],
  isRecorded: false,
  arrivals: [],
});

test('a search with a delay of a minute finds the trace within a longer --wait', async () => {
  const change = (drawn: Drawn): Drawn => ({ ...drawn, kind: 'tempo', searchLag: () => nanos(60e9) });
  const wait = { wait: nanosFromMillis(120_000), waitIsExplicit: true, waitIsDefault: false };
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);
  const looked = await Promise.all(seeds.map((seed) => lookFor(seed, { change, wait })));
  const late = looked.filter(({ drawn }) => drawn.isRecorded && !isTrusted(drawn));
  assert.ok(late.length > 5);
  for (const { error } of late) assert.equal(error, null, error?.message ?? '');
});

test('a wait shorter than the search delay says so in its error', async () => {
  const { error } = await lookFor(1, { change: (drawn) => ({ ...never(drawn), kind: 'tempo' }) });
  assert.equal(error?.reason, 'TraceNotFound');
  assert.match(
    JSON.stringify(error.details),
    /the search of Grafana Tempo may be 3m00s behind: the trace may still arrive/,
  );
  // The hint below the error says so, once.
  assert.doesNotMatch(JSON.stringify(error), /show last/);
  const quick = await lookFor(1, {
    change: (drawn) => ({ ...never(drawn), kind: 'jaeger' }),
    wait: { ...usual, wait: nanosFromMillis(20_000), waitIsExplicit: true },
  });
  assert.equal(quick.error?.reason, 'TraceNotFound');
  assert.doesNotMatch(JSON.stringify(quick.error.details), /behind/);
});

test('an explicit --wait lasts its full time, whatever is predicted', async () => {
  const wait = { wait: nanosFromMillis(20_000), waitIsExplicit: true, waitIsDefault: false };
  const { error, waitedMillis, requests } = await lookFor(3, {
    change: (drawn) => ({ ...never(drawn), kind: 'jaeger' }),
    wait,
  });
  assert.equal(error?.reason, 'TraceNotFound');
  assert.equal(requests[0]?.report.prediction, 're-rooted-unsampled');
  assert.ok(waitedMillis > 19_000, `${waitedMillis}`);
});
