import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { relayedRequests } from '../../../../src/commands/run/relayed-requests.ts';
import { NO_BACKEND } from '../../../../src/tracing/lookup/errors.ts';
import { exchange } from '../../kube/fixture.ts';

type Input = Parameters<typeof relayedRequests>[1];

/** How a command ends whose request had a response, and that left with this exit code. */
function endOf(code: number): ReturnType<ReturnType<typeof relayedRequests>['conclude']> {
  const sent = exchange();
  const recorder = { exchanges: [sent], startedAt: sent.startedAt } as unknown as Input['recorder'];
  const cluster = { server: 'https://127.0.0.1:6443' } as Input['cluster'];
  return relayedRequests({ ran: ['kubectl', 'exec', 'web'] }, { cluster, recorder, code }).conclude(NO_BACKEND);
}

suite('a trace that was not found', () => {
  test('is missing of a request that succeeded', () => {
    const { exitCode, error } = endOf(0);
    assert.deepEqual([exitCode, error?.message], [0, 'the request succeeded, but no trace backend is configured']);
  });

  test('is missing of a command that failed', () => {
    const { exitCode, error } = endOf(1);
    assert.deepEqual([exitCode, error?.message], [1, 'the command failed, and no trace backend is configured']);
  });
});
