import { ExitCode, TraceCommandError } from '../../errors.ts';
import { identityOf, identityRequest, type Identity } from '../../kube/api/identity.ts';
import type { Cluster, Exchange } from '../../kube/http/exchange.ts';
import type { Runtime } from '../../runtime.ts';
import { sendUntraced } from '../../tracing/untraced.ts';
import type { SetupCluster } from './setup-cluster.ts';

/** Who the user of the kubeconfig is. Rejects where the server does not say. */
export async function currentIdentity({ read, objectOf }: SetupCluster): Promise<Identity> {
  const exchange = await read(identityRequest());
  objectOf(exchange);
  const identity = identityOf(exchange);
  if (identity !== undefined) return identity;
  throw new TraceCommandError(ExitCode.requestFailed, 'NoIdentity', 'the server does not say who you are', {
    hint: 'it needs SelfSubjectReview (authentication.k8s.io/v1, Kubernetes 1.28 or later)',
  });
}

/**
 * Who the server takes an impersonated user for. A request of the purpose `identity` would not impersonate, so that this one
 * is an ordinary request.
 */
export const selfSubjectReview = (cluster: Cluster, runtime: Runtime): Promise<Exchange> =>
  sendUntraced(cluster, runtime, runtime.interrupted)({ ...identityRequest(), purpose: 'request', unsampled: true });
