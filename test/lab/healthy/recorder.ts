import type { TestCluster } from '../cluster/cluster.ts';
import { withoutMachine } from '../pods/machine.ts';
import { collections, pathOf, type APIObject, type Collection } from './objects.ts';

/** Everything that the API server had at one moment. */
export interface Tick {
  /** When the first response was requested, in milliseconds since the Unix epoch, by the server's own machine. */
  readonly at: number;
  /** The Date header of the last response. */
  readonly date: string;
  readonly objects: readonly APIObject[];
}

/** Lists every collection in all namespaces: one request for each, however many workloads are recorded. */
export async function takeTick(cluster: TestCluster): Promise<Tick> {
  const at = Date.now();
  const objects: APIObject[] = [];
  let date = '';
  for (const collection of collections) {
    const { status, headers, body } = await cluster.call('GET', pathOf(collection));
    if (status !== 200) throw new Error(`GET ${pathOf(collection)}: ${status} ${body}`);
    date = String(headers['date']);
    const { items } = JSON.parse(body) as { items: APIObject[] };
    for (const item of items) objects.push(recorded(item, collection));
  }
  return { at, date, objects };
}

/** Without managedFields, which are half of every object and of no use to a reader, and without the machine's names. */
function recorded(item: APIObject, { apiVersion, kind }: Collection): APIObject {
  const { managedFields: _, ...metadata } = item.metadata as APIObject['metadata'] & { managedFields?: unknown };
  return withoutMachine({ ...item, apiVersion, kind, metadata }) as APIObject;
}

/** Objects of one workload: those in its namespace, and those that the cluster has for all workloads. */
export function ofNamespace(tick: Tick, namespace: string): Tick {
  return { ...tick, objects: tick.objects.filter((object) => belongs(object, namespace)) };
}

function belongs({ kind, metadata, spec }: APIObject, namespace: string): boolean {
  if (kind === 'PersistentVolume') {
    return (spec?.['claimRef'] as { namespace?: string } | undefined)?.namespace === namespace;
  }
  if (kind === 'Lease') return metadata.namespace === 'kube-node-lease';
  return metadata.namespace === namespace || metadata.namespace === undefined;
}
