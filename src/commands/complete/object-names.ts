import type { FlagWord } from '../../cli/split.ts';
import { FlagValues } from '../../cli/values.ts';
import { CONNECTION_FLAGS, connectionFlags } from '../../cli/options/connection.ts';
import type { ConnectionFlags } from '../../connection.ts';
import { resolveNamedTypes, type Send } from '../../kube/api/discovery.ts';
import { openDiscoveryCache } from '../../kube/api/discovery-cache.ts';
import { listRequest } from '../../kube/api/get-request.ts';
import { nextPage } from '../../kube/api/request.ts';
import { openCluster } from '../../kube/cluster.ts';
import { loadKubeconfig } from '../../kube/connect/kubeconfig.ts';
import { isAtHand } from '../../kube/connect/opening-terms.ts';
import { selectConnection } from '../../kube/connect/selection.ts';
import { isObject, parseJSON } from '../../kube/json.ts';
import type { Runtime } from '../../runtime.ts';
import { sendUntraced } from '../../tracing/untraced.ts';

/** The objects whose names are wanted. */
export interface WantedNames {
  /** As it was typed: `po`, `deployments.apps`. */
  readonly type: string;
  /** Flags of the connection come from these. */
  readonly flags: readonly FlagWord[];
  /** Age of this process at which nothing more is requested. */
  readonly untilMillis: number;
}

/** kubectl's own. */
const CHUNK = 500;

/**
 * The names of a type's objects: the first column of the server's table, without the objects. Undefined where only kubectl
 * can have them: a credential plugin may prompt, which a kubectl without a terminal does not let it. Rejects where nothing can be
 * had, by kubectl neither.
 */
export async function objectNames(
  { type, flags, untilMillis }: WantedNames,
  runtime: Runtime,
  version: string,
): Promise<readonly string[] | undefined> {
  const connection = connectionOf(flags, runtime);
  const kubeconfig = await loadKubeconfig(connection.kubeconfig, runtime);
  const chosen = selectConnection(kubeconfig, connection);
  if (chosen === undefined || !isAtHand(chosen.user)) return undefined;
  const cluster = await openCluster(connection, runtime, version, { kubeconfig });
  try {
    const millis = Math.max(0, Math.floor(untilMillis - performance.now()));
    const send = sendUntraced(cluster, runtime, AbortSignal.any([runtime.interrupted, AbortSignal.timeout(millis)]));
    const cache = openDiscoveryCache(connection, cluster.server, runtime);
    const [found] = await resolveNamedTypes([type], { send, cache });
    if (found === undefined) return undefined;
    const options = { namespace: cluster.namespace, allNamespaces: false, asTable: true, chunkSize: CHUNK };
    const { query, ...rest } = listRequest(found, options);
    return await readNames({ ...rest, query: [['includeObject', 'None'], ...query] }, send);
  } finally {
    cluster.close();
  }
}

/** Nothing is logged on the screen on which a line is being typed. */
function connectionOf(flags: readonly FlagWord[], { env }: Pick<Runtime, 'env'>): ConnectionFlags {
  const { verbosity: _, ...connection } = connectionFlags(new FlagValues(CONNECTION_FLAGS, new Map(), env).with(flags));
  return connection;
}

/** Undefined where the response is no table with names. */
async function readNames(first: Parameters<Send>[0], send: Send): Promise<readonly string[] | undefined> {
  const pages: (readonly string[])[] = [];
  for (let request: typeof first | undefined = first; request !== undefined;) {
    const exchange = await send(request);
    const table = exchange.status === 200 ? parseJSON(exchange.body) : undefined;
    const page = namesIn(table);
    if (page === undefined) return undefined;
    pages.push(page);
    request = nextPage(exchange);
  }
  return pages.flat();
}

function namesIn(table: unknown): readonly string[] | undefined {
  if (!isObject(table) || table['kind'] !== 'Table') return undefined;
  const { columnDefinitions, rows } = table;
  if (!Array.isArray(columnDefinitions)) return undefined;
  const column = columnDefinitions.findIndex((one) => isObject(one) && one['format'] === 'name');
  if (column === -1) return undefined;
  // A table without rows has null.
  const cells = (Array.isArray(rows) ? rows : []).map((row) => (isObject(row) ? row['cells'] : undefined));
  return cells.flatMap((cell) => (Array.isArray(cell) && typeof cell[column] === 'string' ? [cell[column]] : []));
}
