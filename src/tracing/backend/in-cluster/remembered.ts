import { dirname, join } from 'node:path';
import { BACKEND_KINDS } from '../../../backend/kinds.ts';
import type { BackendKind } from '../../../backend/backend.ts';
import type { Via } from '../../../backend-access.ts';
import { readOwnFile, replaceFile } from '../../../files.ts';
import { parseProxyURL } from '../../../kube/api/service-proxy.ts';
import type { Cluster } from '../../../kube/http/exchange.ts';
import type { Runtime } from '../../../runtime.ts';
import { historyFolder } from '../../stored-commands.ts';

/** The backend that was found in a cluster, and the way that it was reached by. */
export interface Remembered {
  readonly kind: BackendKind;
  /** Below the API server's service proxy, whatever the way. */
  readonly url: string;
  readonly via: Via;
}

type Place = Pick<Runtime, 'env' | 'home' | 'platform' | 'uid'>;

/** Maximum number of remembered contexts, the last ones used. */
const MAX_CONTEXTS = 100;

const fileOf = (runtime: Place): string => join(dirname(historyFolder(runtime)), 'backends.json');
const keyOf = ({ contextName, server }: Cluster): string => `${contextName ?? ''} ${server}`;

/** Undefined when nothing usable is remembered for the context. Never rejects. */
export async function recallBackend(cluster: Cluster, runtime: Place): Promise<Remembered | undefined> {
  const entry: unknown = (await read(runtime))[keyOf(cluster)];
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { kind, url, via } = entry as Partial<Record<keyof Remembered, unknown>>;
  const known = BACKEND_KINDS.find((backendKind) => backendKind === kind);
  const way = (['proxy', 'port-forward', 'direct'] as const).find((item) => item === via);
  // An address of another server would get this one's credentials.
  if (known === undefined || way === undefined || typeof url !== 'string' || !url.startsWith(`${cluster.server}/`)) {
    return undefined;
  }
  return { kind: known, url, via: way };
}

/** Every remembered backend, as `--backend` names it, with its context. Never rejects. */
export async function rememberedBackends(
  runtime: Place,
): Promise<readonly { readonly context: string; readonly spec: string }[]> {
  return Object.entries(await read(runtime)).flatMap(([key, entry]) => {
    const { kind, url } = (entry ?? {}) as Partial<Record<keyof Remembered, unknown>>;
    const address = typeof url === 'string' ? parseProxyURL(url)?.address : undefined;
    if (address === undefined) return [];
    const { namespace, name, port } = address;
    return { context: key.replace(/ \S*$/, ''), spec: `${String(kind)}=${namespace}/${name}:${port}` };
  });
}

/** Never rejects: a backend that cannot be stored is found again. */
export async function rememberBackend(found: Remembered, cluster: Cluster, runtime: Place): Promise<void> {
  const { [keyOf(cluster)]: _, ...others } = await read(runtime);
  const rest = Object.entries(others).slice(-(MAX_CONTEXTS - 1));
  const text = JSON.stringify(Object.fromEntries([...rest, [keyOf(cluster), found]]));
  await replaceFile(fileOf(runtime), text, { uid: runtime.uid }).catch(() => undefined);
}

async function read(runtime: Place): Promise<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(readOwnFile(fileOf(runtime), runtime.uid).toString());
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
