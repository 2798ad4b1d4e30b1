import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TraceBackend } from '../../../../src/backend/backend.ts';
import { readBackend } from '../../../../src/commands/doctor/reads/backend.ts';
import { diagnose } from '../../../../src/doctor/diagnose.ts';
import { observed } from '../../../support/observed.ts';
import { read, type ReadContext } from '../../../../src/commands/doctor/reads/reader.ts';
import { sendCanary } from '../../../../src/commands/doctor/reads/canary.ts';
import { readInstances, readPermissions } from '../../../../src/commands/doctor/reads/server.ts';
import { ClusterClock } from '../../../../src/kube/api/cluster-clock.ts';
import { get } from '../../../../src/kube/api/request.ts';
import type { Cluster, KubeRequest } from '../../../../src/kube/http/exchange.ts';
import { interruptedError } from '../../../../src/kube/http/transport-error.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { testRuntime } from '../../kube/fixture.ts';

/** A cluster that responds to nothing: a request ends when it is aborted. */
function hanging(): ReadContext {
  const cluster = {
    contextName: null,
    send: async (request: unknown, context: unknown, signal: AbortSignal) => {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { request, context, status: null, error: interruptedError, headers: {}, body: new Uint8Array() };
    },
  } as unknown as Cluster;
  const runtime = testRuntime({ clock: new FakeClock() });
  return { cluster, runtime, clock: new ClusterClock(), signal: new AbortController().signal };
}

const request = get('discovery', '/apis', 'application/json');
const options = { rule: 'get /apis', parse: () => 'read' };

suite('a server that does not respond', () => {
  test('is given up after 5 s, and not said to be interrupted', async () => {
    const context = hanging();
    assert.deepEqual(await read(request, options, context), {
      status: 'failed',
      problem: 'no complete response within 5 s',
    });
  });

  test('nor is the canary, so that the other checks have their time', async () => {
    const { cluster, runtime, signal } = hanging();
    assert.equal((await sendCanary(cluster, runtime, signal)).error?.message, 'no complete response within 5 s');
  });

  test('after the time for all checks a request says so', async () => {
    const context = { ...hanging(), signal: AbortSignal.abort() };
    assert.deepEqual(await read(request, options, context), {
      status: 'failed',
      problem: 'the time for all checks was over',
    });
  });
});

test('the permission to list Leases is looked up for the user who lists them', async () => {
  const sent: KubeRequest[] = [];
  const cluster = {
    contextName: null,
    send: (one: KubeRequest) => {
      sent.push(one);
      return Promise.resolve({ status: 403, error: null, headers: {}, body: new Uint8Array() });
    },
  } as unknown as Cluster;
  const context = { ...hanging(), cluster };
  await readPermissions(context);
  const reviews = sent.splice(0).filter(({ body = '' }) => Buffer.from(body).includes('"leases"'));
  await readInstances(context);
  // The purpose decides whether a request impersonates.
  assert.deepEqual(
    [...reviews, ...sent].map(({ purpose, unsampled }) => [purpose, unsampled]),
    [
      ['discovery', true],
      ['discovery', true],
    ],
  );
});

test('no response is read beyond 32 MiB, and one with a bound of its own not beyond that', async () => {
  const bounds: (number | undefined)[] = [];
  const cluster = {
    contextName: null,
    send: (sent: KubeRequest) => {
      bounds.push(sent.maxBytes);
      return Promise.resolve({ status: 200, error: null, headers: {}, body: new Uint8Array() });
    },
  } as unknown as Cluster;
  await read(request, options, { ...hanging(), cluster });
  await read({ ...request, maxBytes: 1000 }, options, { ...hanging(), cluster });
  assert.deepEqual(bounds, [32 * 1024 * 1024, 1000]);
});

test('a search that the end of the time cuts off does not make the backend unreachable', async () => {
  const backend = {
    kind: 'jaeger',
    url: 'http://10.0.0.9:16686',
    search: () => Promise.resolve({ status: 'unavailable', message: 'the wait was interrupted' }),
  } as unknown as TraceBackend;
  const causesWith = async (signal: AbortSignal): Promise<readonly string[]> =>
    diagnose(observed({ backend: await readBackend(backend, { ...hanging(), signal }) })).causes;
  assert.deepEqual(await causesWith(AbortSignal.abort()), []);
  assert.deepEqual(await causesWith(new AbortController().signal), ['BackendUnreachable']);
});
