import { delimiter, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { readFile } from '../files.ts';
import type { Runtime } from '../runtime.ts';
import { readPlainYAML } from './plain-yaml.ts';
import { isObject } from './json.ts';
import {
  clusterEntry,
  contextEntry,
  malformed,
  userEntry,
  type ClusterEntry,
  type ContextEntry,
  type Origin,
  type UserEntry,
} from './kubeconfig-entry.ts';

/** One or several kubeconfig files, merged. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly currentContext: string | undefined;
  /** Files that were named but do not exist. */
  readonly missing: readonly string[];
}

type Surroundings = Pick<Runtime, 'env' | 'cwd' | 'home'>;

/**
 * Reads the kubeconfig as kubectl does (client-go tools/clientcmd/loader.go): the file of --kubeconfig, which must
 * exist; else those of KUBECONFIG, else ~/.kube/config, where missing ones are passed over. Of entries with the same
 * name the first wins as a whole, and so does the first current-context. Rejects with a UsageError.
 */
export async function loadKubeconfig(explicit: string | undefined, runtime: Surroundings): Promise<Kubeconfig> {
  const files = explicit === undefined ? defaultFiles(runtime) : [explicit];
  const merged = {
    clusters: new Map<string, ClusterEntry>(),
    users: new Map<string, UserEntry>(),
    contexts: new Map<string, ContextEntry>(),
  };
  const missing: string[] = [];
  let currentContext: string | undefined;
  for (const file of files) {
    const path = resolve(runtime.cwd, file);
    const text = await readText(file, path);
    if (text === undefined) {
      if (explicit !== undefined) {
        throw new UsageError('KubeconfigNotFound', `stat ${file}: no such file or directory`, {
          hint: 'the file that --kubeconfig names does not exist',
        });
      }
      missing.push(file);
      continue;
    }
    const origin = { file, folder: dirname(path) };
    const document = await parse(text, file);
    collect(merged.clusters, document['clusters'], 'cluster', clusterEntry, origin);
    collect(merged.users, document['users'], 'user', userEntry, origin);
    collect(merged.contexts, document['contexts'], 'context', contextEntry, origin);
    currentContext ??= nameIn(document['current-context'], file);
  }
  return { ...merged, currentContext, missing };
}

function defaultFiles(runtime: Surroundings): string[] {
  const list = runtime.env['KUBECONFIG'];
  if (list === undefined || list === '') return [join(runtime.home, '.kube', 'config')];
  return [...new Set(list.split(delimiter))].filter((file) => file !== '');
}

async function readText(file: string, path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    if (code === 'ENOENT') return undefined;
    const why = { EACCES: 'permission denied', EISDIR: 'is a directory' }[code] ?? code;
    throw malformed(file, `open ${file}: ${why}`);
  }
}

async function parse(text: string, file: string): Promise<Record<string, unknown>> {
  if (text.trim() === '') return {};
  let document = readPlainYAML(text);
  try {
    document ??= (await import('js-yaml')).load(text);
  } catch (error) {
    // The parser's full message quotes lines of the file.
    const { reason, mark } = error as { reason?: string; mark?: { line: number } };
    throw malformed(file, `yaml: ${mark === undefined ? '' : `line ${mark.line + 1}: `}${reason ?? 'not valid'}`);
  }
  if (document == null) return {};
  if (!isObject(document)) throw malformed(file, 'it is not a mapping');
  const kind = document['kind'];
  if (kind !== undefined && kind !== 'Config') throw malformed(file, 'its kind is not Config');
  return document;
}

function collect<Entry>(
  into: Map<string, Entry>,
  list: unknown,
  key: 'cluster' | 'user' | 'context',
  read: (raw: unknown, origin: Origin) => Entry,
  origin: Origin,
): void {
  if (list == null) return;
  if (!Array.isArray(list)) throw malformed(origin.file, `${key}s is not a list`);
  for (const item of list) {
    if (!isObject(item)) throw malformed(origin.file, `an item of ${key}s is not a mapping`);
    const name = nameIn(item['name'], origin.file) ?? '';
    if (!into.has(name)) into.set(name, read(item[key], origin));
  }
}

function nameIn(value: unknown, file: string): string | undefined {
  if (value == null || value === '') return undefined;
  if (typeof value !== 'string') throw malformed(file, 'a name is not a string');
  return value;
}
