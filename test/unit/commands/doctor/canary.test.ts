import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Lookup, TraceBackend } from '../../../../src/backend/backend.ts';
import { huntCanaries } from '../../../../src/commands/doctor/reads/canary.ts';
import type { ReadContext } from '../../../../src/commands/doctor/reads/reader.ts';
import { ClusterClock } from '../../../../src/kube/api/cluster-clock.ts';
import type { Cluster, Exchange } from '../../../../src/kube/http/exchange.ts';
import { requestContext } from '../../../../src/propagation/request-context.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { testRuntime } from '../../kube/fixture.ts';

/** The look-ups of one canary in a backend that always says the same, and what `doctor` has of it. */
async function hunt(says: Lookup): Promise<{ readonly lookUps: number; readonly problem: string | undefined }> {
  const runtime = testRuntime({ clock: new FakeClock() });
  const sent = { context: requestContext(runtime.random), auditID: null, startedAt: runtime.clock.now(), status: 200 };
  let lookUps = 0;
  const byID = (): Promise<Lookup> => {
    lookUps++;
    return Promise.resolve(says);
  };
  const backend = { kind: 'jaeger', url: 'http://10.0.0.9:16686', byID } as unknown as TraceBackend;
  const signal = new AbortController().signal;
  const context: ReadContext = { cluster: {} as Cluster, runtime, clock: new ClusterClock(), signal };
  const found = await huntCanaries([sent as unknown as Exchange], backend, { byID: true, context });
  return { lookUps, problem: found.status === 'failed' ? found.problem : undefined };
}

const message = 'what the backend says';

suite('a backend that cannot be searched', () => {
  test('is not tried again where the connection is refused', async () => {
    assert.deepEqual(await hunt({ status: 'unavailable', message, unconnected: true }), {
      lookUps: 1,
      problem: message,
    });
  });

  test('nor where another try is no use, such as for a response that is too large', async () => {
    const says: Lookup = { status: 'failed', reason: 'BackendAnswerTooLarge', message };
    assert.deepEqual(await hunt(says), { lookUps: 1, problem: message });
  });

  test('is tried for the whole time where it may work later', async () => {
    const { lookUps, problem } = await hunt({ status: 'unavailable', message });
    assert.ok(lookUps > 10);
    assert.equal(problem, message);
  });
});
