import type { ConnectionFlags } from '../../connection.ts';
import type { Runtime } from '../../runtime.ts';
import { openCacheFile } from './cache-file.ts';
import type { NamesByUID } from './flow-control.ts';
import { isObject } from '../json.ts';

/** The names of one server's priority levels and flow schemas, as the server last listed them. They do not expire. */
export interface FlowControlCache {
  /** Empty when nothing usable is cached. Never rejects. */
  read(): Promise<NamesByUID>;
  /** Replaces the cached names. Never rejects. */
  write(names: NamesByUID): Promise<void>;
}

/** Raised whenever the file changes its meaning. */
const FORMAT = 1;

export function openFlowControlCache(
  flags: Pick<ConnectionFlags, 'cacheDir'>,
  server: string,
  runtime: Pick<Runtime, 'env' | 'home' | 'uid'>,
): FlowControlCache {
  const file = openCacheFile('flow-control', flags, server, runtime);
  return {
    read: async () => decode(await file.read(), server),
    write: (names) => file.write(JSON.stringify({ format: FORMAT, server, names: Object.fromEntries(names) })),
  };
}

function decode(text: string | undefined, server: string): NamesByUID {
  try {
    const document = JSON.parse(text ?? '') as unknown;
    if (!isObject(document) || document['format'] !== FORMAT || document['server'] !== server) return new Map();
    const { names } = document;
    if (!isObject(names)) return new Map();
    return new Map(Object.entries(names).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return new Map();
  }
}
