import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandReport } from '../../../src/tracing/command-report.ts';
import { nodesRequest } from '../../support/reports.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import { span } from '../../support/spans.ts';

/** The commands of the findings about a request that the server throttled. */
function commands(flags: readonly string[] = []): (string | null)[] {
  const ours = { service: 'kubectl-trace', start: epochNanos(0n), end: epochNanos(400_000_000n) } as const;
  const root = span({ ...ours, id: 'c0', name: 'kubectl trace get nodes' });
  const client = span({
    ...ours,
    id: 'c1',
    parent: 'c0',
    kind: 'client',
    name: 'GET',
    attributes: { 'http.request.method': 'GET', 'http.response.status_code': 429 },
  });
  const sent = { ...nodesRequest, spanID: client.spanID, status: 429 };
  const nothing = { requests: [], backend: null, serverVersion: null, error: null };
  return commandReport([sent], [root, client], nothing, { flags }).analysis?.findings.map((one) => one.command) ?? [];
}

const DUMP = 'get --raw /debug/api_priority_and_fairness/dump_priority_levels';

test("a finding's command has the flags of the command line for its cluster", () => {
  assert.ok(commands(['--context', 'the staging']).includes(`kubectl --context 'the staging' ${DUMP}`));
});

test("a finding's command has no --context for the current context", () => {
  assert.ok(commands().includes(`kubectl ${DUMP}`));
});
