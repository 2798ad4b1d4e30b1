import { UsageError } from '../../errors.ts';
import { readFile } from '../../files.ts';
import { splitList } from '../../platform.ts';
import type { Runtime } from '../../runtime.ts';
import { readDocument } from './kubeconfig-document.ts';
import {
  clusterEntry,
  contextEntry,
  userEntry,
  type ClusterEntry,
  type ContextEntry,
  type UserEntry,
} from './kubeconfig-entry.ts';
import { EntryReader, malformed } from './entry-reader.ts';

/** One or several kubeconfig files, merged. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly currentContext: string | undefined;
  /** Files that were named but do not exist. */
  readonly missing: readonly string[];
}

type KubeconfigSources = Pick<Runtime, 'env' | 'cwd' | 'home' | 'platform'>;

/**
 * Reads the kubeconfig as kubectl does (client-go tools/clientcmd/loader.go): the file of --kubeconfig, which must
 * exist; else those of KUBECONFIG, else ~/.kube/config, where missing ones are passed over. Of entries with the same
 * name the first wins as a whole, and so does the first current-context. Rejects with a UsageError.
 */
export async function loadKubeconfig(explicit: string | undefined, runtime: KubeconfigSources): Promise<Kubeconfig> {
  const files = explicit === undefined ? defaultFiles(runtime) : [explicit];
  const loaded: Loaded[] = [];
  const missing: string[] = [];
  const faults: UsageError[] = [];
  for (const file of files) {
    try {
      const one = await load(file, runtime);
      if (one !== undefined) loaded.push(one);
      else if (explicit === undefined) missing.push(file);
      else throw notFound(file);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      faults.push(error);
    }
  }
  const [fault] = faults;
  if (fault !== undefined) throw faults.length === 1 ? fault : together(faults);
  return {
    clusters: merged(loaded.map(({ clusters }) => clusters)),
    users: merged(loaded.map(({ users }) => users)),
    contexts: merged(loaded.map(({ contexts }) => contexts)),
    currentContext: loaded.find(({ currentContext }) => currentContext !== undefined)?.currentContext,
    missing,
  };
}

/** One file of them. */
type Loaded = Omit<Kubeconfig, 'missing'>;

/** Undefined when it does not exist. */
async function load(file: string, { cwd, platform }: KubeconfigSources): Promise<Loaded | undefined> {
  const path = platform.path.resolve(cwd, file);
  const bytes = await readBytes(file, path);
  if (bytes === undefined) return undefined;
  const document = await readDocument(bytes, file);
  const origin = { file, folder: platform.path.dirname(path), platform };
  const list = new EntryReader(document, '', origin);
  const preferences = list.mapping('preferences');
  preferences?.flag('colors');
  preferences?.checkExtensions();
  list.checkExtensions();
  return {
    clusters: list.named('clusters', 'cluster', clusterEntry),
    users: list.named('users', 'user', userEntry),
    contexts: list.named('contexts', 'context', contextEntry),
    currentContext: list.text('current-context'),
  };
}

function merged<Entry>(each: readonly ReadonlyMap<string, Entry>[]): ReadonlyMap<string, Entry> {
  const all = new Map<string, Entry>();
  for (const entries of each) {
    for (const [name, entry] of entries) if (!all.has(name)) all.set(name, entry);
  }
  return all;
}

const notFound = (file: string): UsageError =>
  new UsageError('KubeconfigNotFound', `stat ${file}: no such file or directory`, {
    hint: 'the file that --kubeconfig names does not exist',
  });

/** kubectl reads all files before it names what is wrong with them, one line each. */
const together = (faults: readonly UsageError[]): UsageError =>
  new UsageError('MalformedKubeconfig', faults.map(({ message }) => message).join('\n'));

/** The files of KUBECONFIG, else ~/.kube/config. */
export function defaultFiles(runtime: KubeconfigSources): string[] {
  const list = runtime.env['KUBECONFIG'];
  if (list === undefined || list === '') return [runtime.platform.path.join(runtime.home, '.kube', 'config')];
  return [...new Set(splitList(list, runtime.platform))].filter((file) => file !== '');
}

async function readBytes(file: string, path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    if (code === 'ENOENT') return undefined;
    const why = { EACCES: 'permission denied', EISDIR: 'is a directory', ENOTDIR: 'not a directory' }[code] ?? code;
    throw malformed(file, `${code === 'EISDIR' ? 'read' : 'open'} ${file}: ${why}`);
  }
}
