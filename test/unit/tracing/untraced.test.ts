import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cluster, Exchange } from '../../../src/kube/http/exchange.ts';
import { sendUntraced } from '../../../src/tracing/untraced.ts';
import { testRuntime } from '../kube/fixture.ts';

type Outcome = Pick<Exchange, 'connectionReused' | 'status' | 'error'>;

const closed = { reason: 'ConnectionClosed', message: 'Unable to connect to the server: EOF' };
const served: Outcome = { connectionReused: false, status: 200, error: null };

/** Sends a request of the tool that goes as `outcomes` say, and resolves with the last exchange and their number. */
async function sendAs(...outcomes: readonly Outcome[]): Promise<{ readonly last: Exchange; readonly sent: number }> {
  let sent = 0;
  const send = async (): Promise<Exchange> => ({ headers: {}, ...outcomes[sent++] }) as unknown as Exchange;
  const cluster = { send } as unknown as Cluster;
  const request = { method: 'GET', path: '/metrics', query: [], headers: {} } as never;
  const last = await sendUntraced(cluster, testRuntime({}), new AbortController().signal)(request);
  return { last, sent };
}

suite("a request of the tool's own", () => {
  test('is sent again where the server had closed its idle connection', async () => {
    const lost: Outcome = { connectionReused: true, status: null, error: closed };
    const { last, sent } = await sendAs(lost, lost, served);
    assert.deepEqual([last.status, sent], [200, 3]);
  });

  test('is sent once where a new connection is closed, or where a response has begun', async () => {
    for (const outcome of [
      { connectionReused: false, status: null, error: closed },
      { connectionReused: true, status: 200, error: closed },
      {
        connectionReused: true,
        status: null,
        error: { reason: 'Interrupted', message: 'the request was interrupted' },
      },
    ]) {
      const { last, sent } = await sendAs(outcome);
      assert.deepEqual([last.error?.reason, sent], [outcome.error.reason, 1]);
    }
  });
});
