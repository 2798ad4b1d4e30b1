import assert from 'node:assert/strict';
import type { TestCluster } from '../lab/cluster/cluster.ts';
import { auditedTimes } from './audit-log.ts';
import { kubectlTrace, type Outcome } from './kubectl-trace.ts';
import { parseDocument, type Document, type JSONSpan } from './schema.ts';

/** Runs the program against a cluster and its backend. */
export function runAgainst(cluster: TestCluster, home: string, args: readonly string[]): Promise<Outcome> {
  const env = { KUBECONFIG: cluster.kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${cluster.backendURL}` };
  return kubectlTrace(home, args, { env });
}

/** The document of a command that is to succeed, or to end with another code. */
export async function documentOf(
  cluster: TestCluster,
  home: string,
  args: readonly string[],
  expectedCode = 0,
): Promise<Document> {
  const { code, stdout, stderr } = await runAgainst(cluster, home, [...args, '-o', 'json']);
  assert.equal(code, expectedCode, stderr);
  return parseDocument(stdout);
}

export type ToldFinding = NonNullable<Document['summary']>['findings'][number];

export const findingsOf = ({ summary }: Document): readonly ToldFinding[] => summary?.findings ?? [];

/** The only finding about the cluster; on a busy machine everything between the processes is slow as well. */
export function onlyFinding(document: Document, id: string): ToldFinding {
  const others = findingsOf(document).filter((finding) => finding.id !== id && finding.id !== 'slow-network');
  assert.deepEqual(others, []);
  return findingOf(document, id);
}

/** The finding of an ID; without it the test fails, and says what there is. */
export function findingOf(document: Document, id: string): ToldFinding {
  const all = findingsOf(document);
  const found = all.find((finding) => finding.id === id);
  assert.ok(found, `no ${id} among ${JSON.stringify(all)}`);
  return found;
}

export const spansOf = ({ trace }: Document, name: string, kind: string): readonly JSONSpan[] =>
  trace?.spans.filter((span) => span.name === name && span.kind === kind) ?? [];

export const timeOf = (spans: readonly JSONSpan[]): number => spans.reduce((sum, span) => sum + span.durationNanos, 0);

/** Within 5 % or 2 ms of what the API server wrote into its audit log. */
export function agrees(what: string, told: number, written: number | undefined): void {
  assert.ok(written !== undefined, `the audit log does not tell ${what}`);
  const difference = Math.abs(told - written);
  assert.ok(
    difference <= Math.max(written * 0.05, 2e6),
    `${what}: ${told / 1e6} ms reported, ${written / 1e6} ms audited`,
  );
}

/** Times that the API server itself measured of a command's request. */
export async function audited(cluster: TestCluster, { requests }: Document): Promise<Readonly<Record<string, number>>> {
  const auditID = requests.findLast(({ purpose }) => purpose === 'request')?.auditID;
  assert.ok(auditID);
  return auditedTimes(cluster.folder, auditID);
}
