import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ServerSpans } from '../../../../src/analysis/completeness/server-spans.ts';
import { queryInstances } from '../../../../src/tracing/lookup/instances.ts';
import { servedBy, stillServedBy } from '../../../../src/tracing/lookup/served-by.ts';
import type { Cluster, Exchange } from '../../../../src/kube/http/exchange.ts';
import type { Instance } from '../../../../src/kube/api/instances.ts';
import { answer, exchange, testRuntime } from '../../kube/fixture.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { foundLookup, nodesRequest } from '../../../support/reports.ts';
import { span, traceID } from '../../../support/spans.ts';

function serverOf(instanceID?: string): ServerSpans {
  const attributes = instanceID === undefined ? {} : { 'service.instance.id': instanceID };
  const root = span({ resource: { service: 'apiserver', attributes } } as object);
  return { root, contextKept: true, spans: [root], childrenOf: () => [] };
}

const instance = (id: string, renewedMillis = 0): Instance => ({ id, host: `host-of-${id}`, renewedMillis });

suite('the API server that served the request', () => {
  const two = [instance('a'), instance('b')];

  test('is shown if there are several', () => {
    assert.deepEqual(servedBy(serverOf('b'), two), { instanceID: 'b', host: 'host-of-b', replicas: 2 });
  });

  for (const [why, server, instances] of [
    ['there is one server', serverOf('a'), [instance('a')]],
    ['the other one is gone', serverOf('a'), [instance('a', 3_600_000), instance('b')]],
    ['the servers are not known', serverOf('a'), null],
    ['it is an aggregated server', serverOf('metrics'), two],
    ['the spans do not say', serverOf(), two],
    ['there are no spans', undefined, two],
  ] as const) {
    test(`is not shown if ${why}`, () => assert.equal(servedBy(server, instances), null));
  }

  test('is remembered when the trace is looked up again and no other trace is found', () => {
    const server = { instanceID: 'b', host: null, replicas: 2 };
    const before = { ...nodesRequest, lookup: { ...foundLookup, servedBy: server } };
    const now = { ...nodesRequest, lookup: { ...foundLookup, servedBy: null } };
    assert.deepEqual(stillServedBy(now, before).lookup?.servedBy, server);
    const other = { ...now, lookup: { ...now.lookup, traceID: traceID('b2') } };
    assert.equal(stillServedBy(other, before), other);
    assert.equal(stillServedBy(now, undefined), now);
  });
});

suite('the list of API servers is requested', () => {
  const leases = answer(200, { items: [{ metadata: { name: 'a' } }] });
  const clusterOf = (answers: (signal: AbortSignal) => Exchange | Promise<Exchange>): Cluster => ({
    contextName: null,
    server: 'https://127.0.0.1:6443',
    namespace: 'default',
    send: async (_request, _context, signal) => answers(signal),
    forward: () => assert.fail('nothing is to be forwarded'),
    close: () => {},
  });
  const hanging = clusterOf(
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(exchange({ status: null })))),
  );

  for (const [when, done] of [
    ['under way', new AbortController().signal],
    ['over', AbortSignal.abort()],
  ] as const) {
    test(`while the lookup is ${when}`, async () => {
      const instances = await queryInstances(
        clusterOf(() => leases),
        testRuntime({ clock: new FakeClock() }),
        done,
      );
      assert.equal(instances?.[0]?.id, 'a');
    });
  }

  test('and waited for at most a second after the lookup', async () => {
    const clock = new FakeClock();
    const done = new AbortController();
    const asked = queryInstances(hanging, testRuntime({ clock }), done.signal);
    await clock.sleep(5000);
    done.abort();
    assert.equal(await asked, null);
    assert.equal(clock.millis, 6000);
  });

  test('and not waited for after an interrupt', async () => {
    const clock = new FakeClock();
    const interrupted = AbortSignal.timeout(1);
    assert.equal(
      await queryInstances(hanging, testRuntime({ clock, interrupted }), new AbortController().signal),
      null,
    );
    assert.deepEqual(clock.sleeps, []);
  });
});
