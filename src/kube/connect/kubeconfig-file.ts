import { realpath, rm, writeFile } from 'node:fs/promises';
import { readFile, replaceFile } from '../../files.ts';
import { isObject } from '../json.ts';
import { readDocument } from './kubeconfig-document.ts';

type Settings = Readonly<Record<string, string>>;

/** The settings of a user's auth-provider as the file has them now; undefined when it cannot be read, or has none. */
export async function readProvider(path: string, userName: string): Promise<Settings | undefined> {
  try {
    return providerOf(await parse(path), userName)?.['config'] as Settings | undefined;
  } catch {
    return undefined;
  }
}

/**
 * Replaces the settings of a user's auth-provider in its kubeconfig and sets the file's mode to 0600. Like kubectl
 * (client-go tools/clientcmd/config.go, ModifyConfig) it rewrites the file without its comments, under a lock. Rejects
 * in kubectl's words.
 */
export async function saveProvider(path: string, userName: string, settings: Settings): Promise<void> {
  const lock = `${path}.lock`;
  await writeFile(lock, '', { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    const why = { EEXIST: 'file exists', EACCES: 'permission denied', EROFS: 'read-only file system' };
    throw new Error(`open ${lock}: ${why[error.code as keyof typeof why] ?? error.code}`);
  });
  try {
    const document = await parse(path);
    const provider = providerOf(document, userName);
    // Another process has removed the user since: there is no place to store the settings.
    if (provider === undefined) return;
    provider['config'] = settings;
    // Quoted, because readers differ in which plain words are numbers or truth values.
    const { dump } = await import('js-yaml');
    await replace(path, dump(document, { forceQuotes: true, lineWidth: -1, noRefs: true }));
  } finally {
    await rm(lock, { force: true });
  }
}

/** The target, if the path is a link. */
async function replace(path: string, text: string): Promise<void> {
  try {
    await replaceFile(await realpath(path), text);
  } catch (error) {
    throw new Error(`open ${path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be written'}`, { cause: error });
  }
}

const parse = async (path: string): Promise<unknown> => readDocument(await readFile(path), path);

/** The first of several users with the same name counts. */
function providerOf(document: unknown, userName: string): Record<string, unknown> | undefined {
  const users = isObject(document) && Array.isArray(document['users']) ? document['users'].filter(isObject) : [];
  const user = users.find(({ name }) => name === userName)?.['user'];
  const provider = isObject(user) ? user['auth-provider'] : undefined;
  return isObject(provider) ? provider : undefined;
}
