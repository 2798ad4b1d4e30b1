import { join } from 'node:path';
import type { ConnectionFlags } from '../../connection.ts';
import { readTrustedFile, replaceFile } from '../../files.ts';
import type { Runtime } from '../../runtime.ts';

/** Values of one server that are cached from one command to the next. */
export interface CacheFile {
  /** Undefined when nothing is cached, and for a file of another user: it would say what is requested. Never rejects. */
  read(): Promise<string | undefined>;
  /** Never rejects: a cache that cannot be written is no error. */
  write(text: string): Promise<void>;
}

/**
 * In our own folder below kubectl's: --cache-dir, else KUBECACHEDIR, else ~/.kube/cache. Two servers can share a file
 * name (`a:1` and `a_1`), so each entry names its server.
 */
export function openCacheFile(
  kind: 'discovery' | 'flow-control' | 'metrics-access',
  flags: Pick<ConnectionFlags, 'cacheDir'>,
  server: string,
  runtime: Pick<Runtime, 'env' | 'home' | 'uid'>,
): CacheFile {
  const root = flags.cacheDir || runtime.env['KUBECACHEDIR'] || join(runtime.home, '.kube', 'cache');
  const folder = join(root, 'kubectl-trace', kind);
  const name = server.replace(/^https?:\/\//, '').replace(/[^\w.-]/g, '_');
  const file = join(folder, `${name}.json`);
  return {
    read: async () => {
      try {
        return readTrustedFile(file, runtime.uid).toString();
      } catch {
        return undefined;
      }
    },
    // The folder as kubectl makes its own.
    write: (text) => replaceFile(file, text, { uid: runtime.uid, folderMode: 0o750 }).catch(() => undefined),
  };
}
