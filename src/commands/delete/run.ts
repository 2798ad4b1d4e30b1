import { readsStandardInput } from '../../cli/input.ts';
import { resolveListTypes, resolveNamedTypes } from '../../kube/api/discovery.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import { isObject, parseJSON } from '../../kube/json.ts';
import type { Manifest } from '../../kube/manifest/documents.ts';
import { readManifestFiles } from '../../kube/manifest/read.ts';
import { resolveTargets } from '../../kube/manifest/targets.ts';
import { nameAcrossNamespaces } from '../../kube/api/get-request.ts';
import { selectRequest } from '../../kube/api/request.ts';
import type { ResourceType } from '../../kube/api/resource-type.ts';
import { deleteRequest, type Target } from '../../kube/api/write-request.ts';
import type { Runtime } from '../../runtime.ts';
import { deletedLine } from '../../kube/print/outcome-line.ts';
import { openSession, type Sending } from '../../tracing/session.ts';
import type { DeleteInvocation, DeleteTarget } from './arguments.ts';

/** Something to delete, and the file that names it. */
interface Doomed extends Target {
  readonly source?: string;
}

const FORCED =
  'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n';

/** `delete`: a request for each object, whose end is not waited for. What a selector selects is listed first. */
export async function runDelete(invocation: DeleteInvocation, runtime: Runtime, version: string): Promise<number> {
  const standardInput = readsStandardInput(invocation) ? 'manifest' : 'free';
  const session = await openSession(invocation, { standardInput }, runtime, version);
  try {
    const { target, forced } = invocation;
    if (forced) runtime.err.write(FORCED);
    const manifests = target.kind === 'files' ? await readManifestFiles(target.files, 'delete', runtime) : [];
    const sent = await session.record((sending) => deleteTarget(manifests, invocation, sending));
    const separator = await session.printResponse(sent, async (context) =>
      (await import('./response.ts')).deleteResponse(invocation, context),
    );
    const report = await session.buildReport(sent);
    return await session.publish(report, separator);
  } finally {
    await session.close();
  }
}

/** `manifests`: the objects of the files, where files name what is deleted. */
async function deleteTarget(
  manifests: readonly Manifest[],
  invocation: DeleteInvocation,
  sending: Sending,
): Promise<void> {
  const { target, connection } = invocation;
  if (target.kind === 'selected') return deleteSelected(target, invocation, sending);
  if (target.kind === 'names') return deleteAll(await named(target, invocation, sending), invocation, sending);
  const { cluster, recorder, cache } = sending;
  const namespaceOptions = { namespace: cluster.namespace, enforced: Boolean(connection.namespace) };
  return deleteAll(
    await resolveTargets(manifests, namespaceOptions, { send: recorder.send, cache }),
    invocation,
    sending,
  );
}

async function deleteAll(doomed: readonly Doomed[], invocation: DeleteInvocation, sending: Sending): Promise<void> {
  const { dryRun, ignoreNotFound, forced } = invocation;
  warnOfScope(doomed, invocation, sending);
  const requests = doomed.map((target) => deleteRequest(target, invocation));
  for (const [index, target] of doomed.entries()) {
    const { source, type } = target;
    await sending.recorder.send(requests[index]!, {
      type,
      outcome: () => deletedLine(target, { dryRun, forced }),
      ignoreNotFound,
      ...(source !== undefined && { failed: `error when deleting ${JSON.stringify(source)}: ` }),
    });
  }
}

/** kubectl pkg/cmd/delete/delete.go, DeleteResult. */
function warnOfScope(doomed: readonly Doomed[], invocation: DeleteInvocation, { runtime }: Sending): void {
  if (!invocation.connection.namespace || invocation.allNamespaces) return;
  if (doomed.every(({ type }) => type.namespaced)) return;
  runtime.err.write('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n');
}

type TargetOf<Kind> = Extract<DeleteTarget, { readonly kind: Kind }>;

async function named(
  { names }: TargetOf<'names'>,
  { allNamespaces }: DeleteInvocation,
  { cluster, types: source }: Sending,
): Promise<Doomed[]> {
  const types = await resolveNamedTypes(
    names.map(({ type }) => type),
    source,
  );
  return names.map(({ name }, index) => {
    const type = types[index]!;
    if (allNamespaces && type.namespaced) throw nameAcrossNamespaces();
    return { type, namespace: type.namespaced ? cluster.namespace : null, name };
  });
}

/** Type by type, as kubectl: listed, and what was found deleted before the next type is listed. */
async function deleteSelected(
  target: TargetOf<'selected'>,
  invocation: DeleteInvocation,
  sending: Sending,
): Promise<void> {
  const { cluster, recorder, runtime } = sending;
  const types = await resolveListTypes(target.types, sending.types);
  let isNothing = true;
  for (const type of types) {
    const namespace = type.namespaced && !invocation.allNamespaces ? cluster.namespace : null;
    const list = await recorder.send(selectRequest(type, namespace, target));
    const found = listed(list, type);
    if (found.length > 0 || list.status !== 200) isNothing = false;
    await deleteAll(found, invocation, sending);
  }
  if (isNothing && invocation.draw.responseFormat === undefined) runtime.err.write('No resources found\n');
}

function listed({ status, body }: Exchange, type: ResourceType): Target[] {
  const response = status === 200 ? parseJSON(body) : undefined;
  const items: unknown[] = isObject(response) && Array.isArray(response['items']) ? response['items'] : [];
  return items.flatMap((item) => {
    const metadata = isObject(item) && isObject(item['metadata']) ? item['metadata'] : {};
    const { name, namespace } = metadata;
    if (typeof name !== 'string') return [];
    return [{ type, name, namespace: type.namespaced && typeof namespace === 'string' ? namespace : null }];
  });
}
