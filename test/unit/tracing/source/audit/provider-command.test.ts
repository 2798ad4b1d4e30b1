import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { auditLogCommand, withAuditLogCommand } from '../../../../../src/tracing/source/audit/provider-command.ts';
import { nodesRequest } from '../../../../support/reports.ts';

const ID = 'c6115119-0a1b-4c2d-8e3f-0123456789ab';
const EKS = 'https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com';
const AKS = 'https://shop-dns-1a2b3c4d.hcp.westeurope.azmk8s.io:443';

const command = (server: string, context: string | null = null): string | undefined =>
  auditLogCommand({ server, context }, ID);

suite('the command that prints an audit event', () => {
  test('of EKS has the region of the host name, and the name that its tools put into the context', () => {
    const expected = (name: string): string =>
      `aws logs filter-log-events --region eu-west-1 --log-group-name /aws/eks/${name}/cluster --filter-pattern '{ $.auditID = "${ID}" }' | kubectl trace show last --audit-log -`;
    assert.equal(command(EKS, 'arn:aws:eks:eu-west-1:111122223333:cluster/shop'), expected('shop'));
    assert.equal(command(EKS, 'ann@shop.eu-west-1.eksctl.io'), expected('shop'));
    assert.equal(command(EKS, 'production'), expected('CLUSTER'));
    assert.equal(command(EKS, 'arn:aws:eks:eu-west-1:1:cluster/$(id)'), expected('CLUSTER'));
  });

  test('of AKS queries the table AKSAudit, and that of GKE its project', () => {
    assert.match(command(AKS) ?? '', /^az monitor log-analytics query .*AKSAudit \| where AuditId == "c6115119-/);
    const gke = command('https://203.0.113.7', 'gke_my-project_europe-west1_shop') ?? '';
    assert.match(
      gke,
      /^gcloud logging read 'operation\.producer="k8s\.io" AND operation\.id="c61.*--project my-project /,
    );
    assert.match(command('https://gke-1a2b.europe-west1.gke.goog') ?? '', /--project PROJECT /);
  });

  test('is not known for other clusters, host names that only look like one, and other IDs', () => {
    for (const server of ['https://127.0.0.1:6443', 'https://azmk8s.io.example.com', 'nowhere', '']) {
      assert.equal(command(server, 'kind-kind'), undefined);
    }
    assert.equal(auditLogCommand({ server: AKS, context: null }, "'; id; '"), undefined);
  });
});

test('it is a line of the error where nothing was found, and of no other', () => {
  const looked = { requests: [], backend: null, serverVersion: null, error: null };
  const task = { requests: [{ ...nodesRequest, auditID: ID }], isAwaited: () => true };
  const cluster = { server: AKS, contextName: null };
  const error = { code: 5, reason: 'NoBackend', message: 'no backend', hint: null, details: ['  first'] };
  const { details } = withAuditLogCommand({ ...looked, error }, task, cluster).error ?? {};
  assert.equal(details?.length, 2);
  assert.match(details[1] ?? '', /^ {2}the audit log has it, if it is on and logs such requests: az monitor /);
  assert.equal(withAuditLogCommand(looked, task, cluster), looked);
  const incomplete = { ...looked, error: { ...error, code: 4 } };
  assert.equal(withAuditLogCommand(incomplete, task, cluster), incomplete);
  const other = { ...looked, error };
  assert.equal(withAuditLogCommand(other, task, { server: 'https://127.0.0.1:6443', contextName: 'kind' }), other);
});
