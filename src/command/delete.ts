import type { DeleteInvocation, DeleteTarget } from '../cli/invocation.ts';
import type { ExitCode } from '../errors.ts';
import { resolveResourceType } from '../kube/discovery.ts';
import type { Exchange } from '../kube/exchange.ts';
import { isObject, parseJSON } from '../kube/json.ts';
import { resolveTargets } from '../kube/manifest/targets.ts';
import { selectRequest } from '../kube/request.ts';
import type { ResourceType } from '../kube/resource-type.ts';
import { deleteRequest, type Target } from '../kube/write-request.ts';
import type { Runtime } from '../runtime.ts';
import { deletedLine } from './outcome.ts';
import { traceRequests, type Sending } from './trace-requests.ts';
import { readFiles } from './write-files.ts';

/** Something to delete, and the file that names it. */
interface Doomed extends Target {
  readonly source?: string;
}

/** `delete`: a request for each object, whose end is not waited for. What a selector selects is listed first. */
export function runDelete(invocation: DeleteInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  return traceRequests(
    invocation,
    async () => {
      const find = await finder(invocation.target, invocation, runtime);
      return async (sending) => deleteAll(await find(sending), invocation, sending);
    },
    runtime,
    version,
  );
}

async function deleteAll(doomed: readonly Doomed[], invocation: DeleteInvocation, sending: Sending): Promise<void> {
  const { dryRun, gracePeriodSeconds, ignoreNotFound } = invocation;
  const requests = doomed.map((target) => deleteRequest(target, invocation));
  for (const [index, target] of doomed.entries()) {
    const { source } = target;
    await sending.journal.send(requests[index]!, {
      outcome: () => deletedLine(target, { dryRun, forced: gracePeriodSeconds === 0 }),
      ignoreNotFound,
      ...(source !== undefined && { failed: `error when deleting ${JSON.stringify(source)}: ` }),
    });
  }
}

type Find = (sending: Sending) => Promise<readonly Doomed[]>;

async function finder(target: DeleteTarget, invocation: DeleteInvocation, runtime: Runtime): Promise<Find> {
  if (target.kind === 'files') {
    const manifests = await readFiles(target.files, 'delete', runtime);
    return ({ cluster, journal, cache }) => {
      const wish = { namespace: cluster.namespace, enforced: Boolean(invocation.connection.namespace) };
      return resolveTargets(manifests, wish, { send: journal.send, cache });
    };
  }
  return async (sending) => {
    const { cluster, journal, cache } = sending;
    const type = await resolveResourceType(target.resource, { send: journal.send, cache });
    const namespace = type.namespaced && !invocation.allNamespaces ? cluster.namespace : null;
    if (target.kind === 'names') return target.names.map((name) => ({ type, namespace, name }));
    const list = await journal.send(selectRequest(type, namespace, target));
    const found = listed(list, type);
    if (found.length === 0 && list.status === 200) runtime.err.write('No resources found\n');
    return found;
  };
}

function listed({ status, body }: Exchange, type: ResourceType): Target[] {
  const answer = status === 200 ? parseJSON(body) : undefined;
  const items: unknown[] = isObject(answer) && Array.isArray(answer['items']) ? answer['items'] : [];
  return items.flatMap((item) => {
    const metadata = isObject(item) && isObject(item['metadata']) ? item['metadata'] : {};
    const { name, namespace } = metadata;
    if (typeof name !== 'string') return [];
    return [{ type, name, namespace: type.namespaced && typeof namespace === 'string' ? namespace : null }];
  });
}
