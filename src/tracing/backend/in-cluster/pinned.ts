import { guessedPort } from '../../../backend/detect/candidates.ts';
import type { BackendKind, PinnedService } from '../../../backend/backend.ts';
import { BackendNotReached } from '../../../backend/http/not-reached.ts';
import { shellWord } from '../../../format/shell-command.ts';
import { serviceRequest } from '../../../kube/api/pods-of-service.ts';
import { serviceIn } from '../../../kube/api/services.ts';
import { sendUntraced } from '../../untraced.ts';
import { serviceURL, type ClusterContext } from './reach.ts';

/**
 * The address of a Service that `--backend NAMESPACE/NAME` names: with the port that is given, or the one that backends
 * of its kind are looked up at. Rejects with BackendNotReached where it does not exist, or has several that may be meant.
 */
export async function pinnedURL(
  service: PinnedService,
  kind: BackendKind | undefined,
  context: ClusterContext,
): Promise<string> {
  const { cluster, runtime } = context;
  const { namespace, name, port } = service;
  const exchange = await sendUntraced(cluster, runtime, runtime.interrupted)(serviceRequest(service));
  const found = serviceIn(exchange);
  if (found === undefined) {
    const why =
      exchange.status === 404 ? 'not found' : (exchange.error?.message ?? `status ${exchange.status ?? 'none'}`);
    throw refused(
      'BackendNotFound',
      `service ${name} in namespace ${namespace}: ${why}`,
      'it needs the verb get on services',
    );
  }
  const chosen = guessedPort(found, port, kind);
  if (chosen !== undefined) return serviceURL(cluster, { namespace, name, ...chosen });
  const ports = found.ports.map((item) => item.port).join(', ');
  const message = `service ${name} in namespace ${namespace} has the ports ${ports === '' ? 'none' : ports}`;
  throw refused('BackendPort', message, `choose one of them: --backend ${shellWord(`${namespace}/${name}:PORT`)}`);
}

const refused = (reason: string, message: string, hint: string): BackendNotReached =>
  new BackendNotReached({ status: 'failed', reason, message, hint });
