import { createHash } from 'node:crypto';
import type { ConnectionFlags } from '../../../connection.ts';
import type { Runtime } from '../../../runtime.ts';
import { isObject } from '../../json.ts';
import { openCacheFile } from '../cache-file.ts';

/** Whether users may read the `/metrics` of one server, as it last said. */
export interface MetricsAccessCache {
  /** Undefined when it is not cached, or too old. Never rejects. */
  read(): Promise<boolean | undefined>;
  /** Never rejects. */
  write(isAllowed: boolean): Promise<void>;
}

/** Raised whenever the file changes its meaning. */
const FORMAT = 1;
const VALID_NANOS = 600_000_000_000n;
/** Users of one server that are cached, the last ones used. */
const MAX_USERS = 100;

interface Entry {
  readonly allowed: boolean;
  /** Nanoseconds since the epoch. */
  readonly time: string;
}

/** Cached for ten minutes per server and user. `context` is the name of the kubeconfig context. */
export function openMetricsAccessCache(
  user: {
    readonly connection: ConnectionFlags;
    readonly context: string | null;
    readonly tracerUser?: string | undefined;
  },
  server: string,
  runtime: Pick<Runtime, 'env' | 'home' | 'clock' | 'uid'>,
): MetricsAccessCache {
  const file = openCacheFile('metrics-access', user.connection, server, runtime);
  const key = userKey(user, runtime.env);
  return {
    read: async () => {
      const entry = decode(await file.read(), server)[key];
      if (entry === undefined) return undefined;
      const age = runtime.clock.now() - BigInt(entry.time);
      return age >= 0n && age < VALID_NANOS ? entry.allowed : undefined;
    },
    write: async (allowed) => {
      const { [key]: _, ...others } = decode(await file.read(), server);
      const kept = Object.entries(others).slice(-(MAX_USERS - 1));
      const users = Object.fromEntries([...kept, [key, { allowed, time: String(runtime.clock.now()) }]]);
      await file.write(JSON.stringify({ format: FORMAT, server, users }));
    },
  };
}

/** Digest of the settings that choose the user: a token on the command line is not stored. */
function userKey(
  { connection, context, tracerUser }: Parameters<typeof openMetricsAccessCache>[0],
  env: Runtime['env'],
): string {
  const { kubeconfig, cluster, user, token, clientCertificate, username } = connection;
  const parts = [
    kubeconfig ?? env['KUBECONFIG'],
    context,
    cluster,
    user,
    token,
    clientCertificate,
    username,
    tracerUser,
  ];
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest('hex')
    .slice(0, 32);
}

function decode(text: string | undefined, server: string): Readonly<Record<string, Entry>> {
  try {
    const document = JSON.parse(text ?? '') as unknown;
    if (!isObject(document) || document['format'] !== FORMAT || document['server'] !== server) return {};
    const { users } = document;
    if (!isObject(users)) return {};
    return Object.fromEntries(Object.entries(users).filter((entry): entry is [string, Entry] => isEntry(entry[1])));
  } catch {
    return {};
  }
}

const isEntry = (value: unknown): boolean =>
  isObject(value) && typeof value['allowed'] === 'boolean' && /^\d{1,20}$/.test(String(value['time']));
