import type { ConnectionFlags } from '../../connection.ts';
import type { Clock, Runtime } from '../../runtime.ts';
import { openCacheFile } from './cache-file.ts';
import { isObject } from '../json.ts';
import type { ResourceType } from './resource-type.ts';

/** The types of one server, as it last listed them. */
export interface DiscoveryCache {
  /** Undefined when nothing usable is stored, or it is too old. Never rejects. */
  read(): Promise<readonly ResourceType[] | undefined>;
  /** Never rejects: a cache that cannot be written is no error. */
  write(types: readonly ResourceType[]): Promise<void>;
}

/** As kubectl: six hours (cli-runtime pkg/genericclioptions/config_flags.go). */
const LIFETIME_MILLIS = 6 * 60 * 60 * 1000;
/** Raised whenever the rows change their meaning. */
const FORMAT = 1;

/** One row for each type: small, and quick to read at every start. */
type Row = readonly [
  group: string,
  version: string,
  resource: string,
  kind: string,
  singular: string,
  namespaced: 0 | 1,
  shortNames: string,
  categories: string,
  verbs: string,
];

/** The cache file of `server`. It holds what every user of the server may see. */
export function openDiscoveryCache(
  flags: Pick<ConnectionFlags, 'cacheDir'>,
  server: string,
  runtime: Pick<Runtime, 'env' | 'home' | 'clock' | 'uid'>,
): DiscoveryCache {
  const file = openCacheFile('discovery', flags, server, runtime);
  return {
    read: async () => {
      const text = await file.read();
      return text === undefined ? undefined : decode(text, server, runtime.clock);
    },
    write: (types) => {
      const document = { format: FORMAT, server, writtenMillis: millis(runtime.clock), types: types.map(encodeRow) };
      return file.write(JSON.stringify(document));
    },
  };
}

function decode(text: string, server: string, clock: Clock): readonly ResourceType[] | undefined {
  try {
    const document = JSON.parse(text) as unknown;
    if (!isObject(document) || document['format'] !== FORMAT || document['server'] !== server) return undefined;
    const { writtenMillis, types } = document;
    const age = typeof writtenMillis === 'number' ? millis(clock) - writtenMillis : Infinity;
    if (age < 0 || age > LIFETIME_MILLIS || !Array.isArray(types)) return undefined;
    return types.map((row) => decodeRow(row as Row));
  } catch {
    return undefined;
  }
}

function encodeRow(type: ResourceType): Row {
  const { group, version, resource, kind, singular, namespaced } = type;
  const lists = [type.shortNames, type.categories, type.verbs].map((list) => list.join(',')) as [
    string,
    string,
    string,
  ];
  return [group, version, resource, kind, singular, namespaced ? 1 : 0, ...lists];
}

function decodeRow(row: Row): ResourceType {
  if (row.length !== 9) throw new Error('a row of another format');
  const [group, version, resource, kind, singular, namespaced, shortNames, categories, verbs] = row;
  const list = (joined: string): string[] => (joined === '' ? [] : joined.split(','));
  return {
    group,
    version,
    resource,
    kind,
    singular,
    namespaced: namespaced === 1,
    shortNames: list(shortNames),
    categories: list(categories),
    verbs: list(verbs),
  };
}

function millis(clock: Clock): number {
  return Number(clock.now() / 1_000_000n);
}
