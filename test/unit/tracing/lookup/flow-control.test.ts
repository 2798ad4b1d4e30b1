import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { flowControlNamesOf, withNames } from '../../../../src/tracing/lookup/flow-control.ts';
import type { Cluster, Exchange } from '../../../../src/kube/http/exchange.ts';
import type { FlowControlCache } from '../../../../src/kube/api/flow-control-cache.ts';
import type { NamesByUID } from '../../../../src/kube/api/flow-control.ts';
import { answer, exchange, testRuntime } from '../../kube/fixture.ts';
import { nodesRequest } from '../../../support/reports.ts';

const request = { ...nodesRequest, priorityLevel: 'level', flowSchema: 'schema' };
const runtime = testRuntime();

interface Scene {
  readonly kept?: NamesByUID;
  readonly answers?: (path: string, signal: AbortSignal) => Exchange | Promise<Exchange>;
}

const list = (name: string, uid: string): Exchange => answer(200, { items: [{ metadata: { name, uid } }] });
const both = (path: string): Exchange =>
  path.endsWith('/flowschemas') ? list('service-accounts', 'schema') : list('workload-low', 'level');

function scene({ kept = new Map(), answers = both }: Scene = {}) {
  const asked: string[] = [];
  const written: NamesByUID[] = [];
  const cluster: Cluster = {
    contextName: null,
    server: 'https://127.0.0.1:6443',
    namespace: 'default',
    send: async ({ path }, _context, signal) => {
      asked.push(path);
      return answers(path, signal);
    },
    forward: () => assert.fail('nothing is to be forwarded'),
    close: () => {},
  };
  const cache: FlowControlCache = {
    read: () => Promise.resolve(kept),
    write: async (names) => void written.push(names),
  };
  return { asked, written, cluster, cache };
}

test('flow control: new UIDs are looked up once, and cached', async () => {
  const { asked, written, ...where } = scene();
  const names = await flowControlNamesOf({ requests: [request], ...where, mayQuery: true }, runtime);
  const { priorityLevel, flowSchema } = withNames(request, names);
  assert.deepEqual([priorityLevel, flowSchema], ['workload-low', 'service-accounts']);
  assert.equal(asked.length, 2);
  assert.deepEqual(written, [names]);
});

test('flow control: cached UIDs are not looked up again', async () => {
  const kept = new Map([
    ['level', 'workload-low'],
    ['schema', 'service-accounts'],
  ]);
  const { asked, written, ...where } = scene({ kept });
  assert.equal(await flowControlNamesOf({ requests: [request], ...where, mayQuery: true }, runtime), kept);
  assert.deepEqual([asked, written], [[], []]);
});

test('flow control: no request is sent without a lookup, or for responses without UIDs', async () => {
  const quiet = scene();
  assert.deepEqual(await flowControlNamesOf({ requests: [request], ...quiet, mayQuery: false }, runtime), new Map());
  assert.deepEqual(
    await flowControlNamesOf({ requests: [nodesRequest], ...quiet, mayQuery: true }, runtime),
    new Map(),
  );
  assert.deepEqual(quiet.asked, []);
});

test('flow control: a user without permission sees UIDs, after one 403', async () => {
  const { asked, written, ...where } = scene({ answers: () => answer(403, { kind: 'Status' }) });
  const names = await flowControlNamesOf({ requests: [request], ...where, mayQuery: true }, runtime);
  assert.equal(withNames(request, names).priorityLevel, 'level');
  assert.deepEqual([asked.length, written], [1, []]);
});

test('flow control: a server that does not respond does not delay the report', async () => {
  const slept: number[] = [];
  const impatient = testRuntime({
    clock: {
      ...runtime.clock,
      sleep: async (millis) => void slept.push(millis),
    },
  });
  const { written, ...where } = scene({
    answers: async (_path, signal) => {
      if (!signal.aborted) await delay(60_000, undefined, { signal }).catch(() => {});
      return exchange({ status: null });
    },
  });
  const names = await flowControlNamesOf({ requests: [request], ...where, mayQuery: true }, impatient);
  assert.deepEqual([names, written, slept], [new Map(), [], [1000]]);
});
