import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Exemplar } from '../../../../../src/codec/metrics/exemplars.ts';
import { epochNanos, nanos } from '../../../../../src/trace/time.ts';
import type { MetricsReading } from '../../../../../src/tracing/source/metrics/reading.ts';
import { tryServers } from '../../../../../src/tracing/source/metrics/try-servers.ts';
import { spanID } from '../../../../support/spans.ts';

const ours: Exemplar = {
  metric: 'apiserver_request_filter_duration_seconds',
  labels: {},
  spanID: spanID('c1'),
  value: 1,
  time: epochNanos(1n),
};

const reading = (server: number, has: boolean): MetricsReading => ({
  status: 'read',
  exemplars: has ? [ours] : [],
  startedAt: String(server),
  tookNanos: nanos(1),
});

/** Connections lead to servers by `route`; the request was served by `served`. Resolves with the tries and the outcome. */
async function readThrough(
  servers: number | null,
  route: (connection: number) => number,
  served: number,
): Promise<{ readonly found: boolean; readonly tries: number }> {
  let connections = 0;
  const next = (): MetricsReading => {
    const server = route(connections++);
    return reading(server, server === served);
  };
  const result = await tryServers(next(), servers, async () => next());
  return { found: result.status === 'read' && result.exemplars.length > 0, tries: connections };
}

suite('other API servers are tried', () => {
  test('not if the first one has the exemplars', async () => {
    assert.deepEqual(await readThrough(3, () => 0, 0), { found: true, tries: 1 });
  });

  test('in turn, and found within as many tries as there are servers', async () => {
    for (let start = 0; start < 50; start++) {
      for (const servers of [2, 3, 5]) {
        const { found, tries } = await readThrough(servers, (connection) => (start + connection) % servers, 0);
        assert.ok(found && tries <= servers, `${tries} tries of ${servers}`);
      }
    }
  });

  test('until each of them was read', async () => {
    const others = (connection: number): number => 1 + (connection % 2);
    assert.deepEqual(await readThrough(2, others, 0), { found: false, tries: 2 });
  });

  test('again where a connection leads to one that was read, five connections at most', async () => {
    const late = (connection: number): number => (connection < 3 ? 1 : 0);
    assert.deepEqual(await readThrough(2, late, 0), { found: true, tries: 4 });
    assert.deepEqual(await readThrough(2, () => 1, 0), { found: false, tries: 5 });
    assert.deepEqual(await readThrough(9, (connection) => 1 + connection, 0), { found: false, tries: 5 });
  });

  test('as many as there are where they do not say which they are', async () => {
    const unnamed = async (): Promise<MetricsReading> => ({ ...reading(1, false), startedAt: null }) as MetricsReading;
    const last = await tryServers(await unnamed(), 2, unnamed);
    assert.equal(last.status === 'read' && last.tries, 2);
  });

  test('not where there is one, or the user may not know how many', async () => {
    assert.equal((await readThrough(1, () => 1, 0)).tries, 1);
    assert.equal((await readThrough(null, () => 1, 0)).tries, 1);
  });

  test('not after metrics that could not be read', async () => {
    const refused: MetricsReading = { status: 'refused' };
    const unexpected = async (): Promise<never> => assert.fail('nothing is to be queried');
    assert.equal(await tryServers(refused, 3, unexpected), refused);
  });
});
