import { readdirSync, statSync } from 'node:fs';
import { UsageError } from '../../errors.ts';
import { lookPath, type Found, type LookUpSources } from '../../kube/connect/look-path.ts';
import { splitList } from '../../platform.ts';
import type { Runtime } from '../../runtime.ts';
import { refuseReturn } from '../run/kubectl-return.ts';

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

/** The part of the runtime that kubectl is looked up by. */
export type KubectlSources = LookUpSources & Pick<Runtime, 'ownFile'>;

/** Never the one in the current directory, which Windows would run, and never a link to this program. */
export function findKubectl(sources: KubectlSources): Found {
  const { ownFile } = sources;
  const own = ownFile === undefined ? undefined : statSync(ownFile, { throwIfNoEntry: false });
  return lookPath('kubectl', sources, {
    isPassedOver: ({ dev, ino }) => dev === own?.dev && ino === own.ino,
  });
}

export const hasKubectl = (sources: KubectlSources): boolean => 'path' in findKubectl(sources);

/** The kubectl to run a command with. Throws a UsageError if the PATH has no kubectl, or one that leads back to this program. */
export function requireKubectl(verb: string, sources: KubectlSources): string {
  const found = findKubectl(sources);
  if (!('path' in found)) {
    throw new UsageError('KubectlNotFound', `"${verb}" is run by kubectl, which cannot be found: ${found.why}`, {
      hint: 'install kubectl, or put its folder on the PATH; get, create -f, replace, patch, delete and raw need none',
    });
  }
  refuseReturn({ path: found.path, verb }, sources);
  return found.path;
}
