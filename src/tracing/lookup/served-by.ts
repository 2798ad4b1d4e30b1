import { textAttribute } from '../../analysis/attributes.ts';
import type { ServerSpans } from '../../analysis/completeness/server-spans.ts';
import { runningInstances, type Instance } from '../../kube/api/instances.ts';
import type { RequestReport, ServedBy } from '../../report/report.ts';

/**
 * The API server that a request's spans come from, where there is a choice: null when only one runs, or when it is not
 * known which there are, or which it was.
 */
export function servedBy(server: ServerSpans | undefined, instances: readonly Instance[] | null): ServedBy | null {
  const instanceID = server && textAttribute(server.root.resource.attributes, 'service.instance.id');
  const instance = instances?.find(({ id }) => id === instanceID);
  if (instances === null || instance === undefined) return null;
  const replicas = runningInstances(instances).length;
  return replicas < 2 ? null : { instanceID: instance.id, host: instance.host, replicas };
}

/** The instance known from an earlier look-up: the cluster is not queried again. */
export function stillServedBy(request: RequestReport, before: RequestReport | undefined): RequestReport {
  const { lookup } = request;
  const known = before?.lookup?.servedBy ?? null;
  if (lookup === null || known === null || lookup.traceID !== before?.lookup?.traceID) return request;
  return { ...request, lookup: { ...lookup, servedBy: known } };
}
