import { acceptsContext, FIRST_TRUSTING_MINOR, TRUSTED_GROUPS } from '../../analysis/prediction.ts';
import type { Observed } from '../observed.ts';
import { valueOf, whyNot } from '../reading.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';

/** Does the API server continue our traces? Null where version or groups are not known. */
export const isAccepted = ({ version, identity }: Pick<Observed, 'version' | 'identity'>): boolean | null =>
  acceptsContext({ serverMinor: valueOf(version)?.minor ?? null, groups: valueOf(identity)?.groups ?? null });

/** Who are we, and does the API server accept our trace context? Neither is a fault: traces are found by Audit-ID too. */
export function checkIdentity(observed: Observed): CheckResult {
  const { identity, version, isImpersonating, impersonationHint } = observed;
  const accepted = isAccepted(observed);
  const older = `Kubernetes before 1.${FIRST_TRUSTING_MINOR} continues no client's trace`;
  if (identity.status !== 'read') {
    const why = `your groups are not known: ${whyNot(identity)}`;
    return accepted === false
      ? ok('identity', `${older}; traces are found by Audit-ID`, { looked: [why] })
      : unknown('identity', why, { fix: ['kubectl auth whoami    needs Kubernetes 1.28 or later'] });
  }
  const { username, groups } = identity.value;
  const looked = [
    `SelfSubjectReview: ${username} in ${groups.join(', ') || 'no group'}`,
    ...(isImpersonating ? ['the authenticated user counts, not the impersonated one'] : []),
  ];
  if (impersonationHint !== undefined) {
    const summary = `${username} may not act as another user: the API server refuses all such requests`;
    return wrong('identity', 'failed', 'Refused', summary, { looked, fix: [impersonationHint] });
  }
  if (accepted === true)
    return ok(
      'identity',
      `${username} is in ${groups.find((group) => TRUSTED_GROUPS.includes(group))}: the API server continues your traces`,
      { looked },
    );
  if (accepted === null) return unknown('identity', `${username}; the server's version is not known`, { looked });
  const isOld = (valueOf(version)?.minor ?? FIRST_TRUSTING_MINOR) < FIRST_TRUSTING_MINOR;
  const why = isOld ? older : `${username} is not in ${TRUSTED_GROUPS.join(' or ')}`;
  return ok('identity', `${why}: the API server begins its own traces, found by Audit-ID`, { looked });
}
