import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sharedCluster } from '../cluster/shared.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import { startReviewServer } from '../support/review-server.ts';
import { agrees, audited, documentOf, findingsOf, spansOf, timeOf } from '../support/told-findings.ts';

const SLEEP_MILLIS = 600;
const reviews = await startReviewServer(SLEEP_MILLIS);
const cluster = sharedCluster({ auditLog: true, apiserverArgs: reviews.apiserverArgs });
const home = cleanHome();
after(async () => {
  home.remove();
  await reviews.stop();
});

const ROOT = 'GET /api/v1/namespaces/{:namespace}/configmaps/{:name}';

test('a slow authorization webhook: the filter is blamed, for as long as the audit log says', async () => {
  const path = '/api/v1/namespaces/kube-system/configmaps/reviewed-1';
  const told = await documentOf(cluster(), home.path, ['get', '--raw', path, '--context', 'nobody'], 1);
  const [first, ...others] = findingsOf(told);
  assert.deepEqual(others, []);
  assert.equal(first?.id, 'slow-authorization', JSON.stringify(first));
  assert.ok(first.nanos >= SLEEP_MILLIS * 1e6 && first.share > 0.5, `${first.nanos} ${first.share}`);
  const times = await audited(cluster(), told);
  agrees('authorization', first.nanos, times['authorization']);
  agrees('total', timeOf(spansOf(told, ROOT, 'server')), times['total']);
});

test('a slow token webhook: authentication is blamed, for as long as the audit log says', async () => {
  const path = '/api/v1/namespaces/kube-system/configmaps/absent';
  const told = await documentOf(cluster(), home.path, ['get', '--raw', path, '--token', 'reviewed-1'], 1);
  const [first, ...others] = findingsOf(told);
  assert.deepEqual(others, []);
  assert.equal(first?.id, 'slow-authentication', JSON.stringify(first));
  // Measured where the backend has the server's own span in time, else inferred, less two round trips.
  assert.ok(first.nanos >= SLEEP_MILLIS * 0.95e6 && first.share > 0.5, `${first.nanos} ${first.share}`);
  agrees('authentication', first.nanos, (await audited(cluster(), told))['authentication']);
});
