/** Does the server continue our trace, or does it sample requests on its own? */
export type Prediction = 'kept' | 're-rooted-sampled' | 're-rooted-unsampled' | 'unknown';

export interface PredictionInput {
  /** 37 for v1.37.2; null when not known. */
  readonly serverMinor: number | null;
  /** Groups of the authenticated user, not of an impersonated one; null when not known. */
  readonly groups: readonly string[] | null;
  /** Number of traces that the server sampled on its own lately; null when unknown. */
  readonly evidence: number | null;
}

/**
 * The groups whose trace context kube-apiserver accepts, since 1.33; before, it accepts no user's. It checks the
 * authenticated user: impersonation comes later in the filter chain (k8s.io/apiserver pkg/endpoints/filters/traces.go,
 * kubernetes/kubernetes#127053).
 */
export const TRUSTED_GROUPS: readonly string[] = ['system:masters', 'system:monitoring'];
export const FIRST_TRUSTING_MINOR = 33;

/** True, false, or null when version or groups are not known. */
export function acceptsContext(input: Pick<PredictionInput, 'serverMinor' | 'groups'>): boolean | null {
  const { serverMinor, groups } = input;
  if (serverMinor === null) return null;
  if (serverMinor < FIRST_TRUSTING_MINOR) return false;
  return groups === null ? null : groups.some((group) => TRUSTED_GROUPS.includes(group));
}

/**
 * A server that starts its own trace samples it at its own rate and ignores the client's sampled flag. Only traces that
 * it sampled on its own show that the rate is above 0 and that they arrive.
 */
export function predict(input: PredictionInput): Prediction {
  const isAccepted = acceptsContext(input);
  if (isAccepted === true) return 'kept';
  if (isAccepted === null || input.evidence === null) return 'unknown';
  return input.evidence > 0 ? 're-rooted-sampled' : 're-rooted-unsampled';
}
