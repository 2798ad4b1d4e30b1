import { readdirSync, realpathSync } from 'node:fs';
import type { Installation } from '../../../doctor/observed.ts';
import { lookPath } from '../../../kube/connect/look-path.ts';
import { splitList } from '../../../platform.ts';
import type { Runtime } from '../../../runtime.ts';

const NAME = 'kubectl-trace';

/** Which programs kubectl finds under our name, and under longer ones. */
export function readInstallation(runtime: Pick<Runtime, 'env' | 'platform' | 'startedAs' | 'cwd'>): Installation {
  const { env, platform, startedAs } = runtime;
  const found = lookPath(NAME, { env, platform });
  const first = 'path' in found ? found.path : null;
  const self = startedAs ?? null;
  const folders = splitList(env['PATH'] ?? '', platform).filter((folder) => folder !== '');
  const longer = folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.startsWith(`${NAME}-`))
      .map((name) => platform.path.join(folder, name)),
  );
  // Without the own path nothing shows that another program is started.
  const isSelf =
    first === null || self === null || realPath(first) === realPath(self) || !self.includes(platform.path.sep);
  return { self, first, isSelf, longer: [...new Set(longer)] };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
