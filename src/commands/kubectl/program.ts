import { readdirSync } from 'node:fs';
import { UsageError } from '../../errors.ts';
import { lookPath, type Found, type LookUpSources } from '../../kube/connect/look-path.ts';
import { splitList } from '../../platform.ts';

/** How a plugin's file begins: `kubectl-who_can` for `kubectl who-can`. */
const fileOf = (verb: string): string => `kubectl-${verb.replaceAll('-', '_')}`;

const foldersOf = ({ env, platform }: LookUpSources): string[] =>
  splitList(env['PATH'] ?? '', platform).filter((folder) => folder !== '');

/** Whether there is a plugin with this name, or with one that begins with it: `kubectl-foo-bar` for `foo`. */
export function isPlugin(verb: string, sources: LookUpSources): boolean {
  const own = fileOf(verb);
  return foldersOf(sources).some((folder) =>
    namesIn(folder).some((name) => name.replace(/\.\w+$/, '') === own || name.startsWith(`${own}-`)),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Never the one in the current directory, which Windows would run. */
export const findKubectl = (sources: LookUpSources): Found => lookPath('kubectl', sources);

export const hasKubectl = (sources: LookUpSources): boolean => 'path' in findKubectl(sources);

/** Throws a UsageError where there is no kubectl to run the command with. */
export function requireKubectl(verb: string, sources: LookUpSources): void {
  const found = findKubectl(sources);
  if ('path' in found) return;
  throw new UsageError('KubectlNotFound', `"${verb}" is run by kubectl, which cannot be found: ${found.why}`, {
    hint: 'install kubectl, or put its folder on the PATH; get, create -f, replace, patch, delete and raw need none',
  });
}
