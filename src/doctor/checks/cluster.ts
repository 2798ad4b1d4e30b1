import { KIND_FACTS } from '../../control-plane/possibilities.ts';
import type { Observed } from '../observed.ts';
import { ok, unknown, type CheckResult } from '../result.ts';

/** The name of a provider whose users cannot switch tracing on; null for all others. */
export function managedBy({ kind: { kind } }: Pick<Observed, 'kind'>): string | null {
  const { setup, title } = KIND_FACTS[kind];
  return kind === 'unknown' || setup !== undefined ? null : title;
}

/** Which cluster is it, and what is possible there? */
export function checkCluster({ kind: { kind, evidence } }: Observed): CheckResult {
  const { title, note } = KIND_FACTS[kind];
  if (kind === 'unknown') return unknown('cluster', 'nothing shows how the cluster was made', { looked: evidence });
  return ok('cluster', note === undefined ? `${title}: its users can switch tracing on` : `${title}: ${note}`, {
    looked: evidence,
  });
}
