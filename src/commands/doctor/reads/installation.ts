import { readdirSync, realpathSync } from 'node:fs';
import type { Installation } from '../../../doctor/observed.ts';
import { pluginFileOf, USUAL_FILE } from '../../../format/program-name.ts';
import { lookPath } from '../../../kube/connect/look-path.ts';
import { splitList } from '../../../platform.ts';
import type { Runtime } from '../../../runtime.ts';

type World = Pick<Runtime, 'env' | 'platform' | 'startedAs' | 'exposedFolder'>;

/** Which programs kubectl finds under our name, and under longer ones. */
export function readInstallation(runtime: World): Installation {
  const { env, platform, startedAs } = runtime;
  const name = pluginFileOf(startedAs) ?? USUAL_FILE;
  const found = lookPath(name, { env, platform });
  const first = 'path' in found ? found.path : null;
  const self = startedAs ?? null;
  const folders = splitList(env['PATH'] ?? '', platform).filter((folder) => folder !== '');
  const longer = folders.flatMap((folder) =>
    namesIn(folder)
      .filter((file) => file.startsWith(`${name}-`))
      .map((file) => platform.path.join(folder, file)),
  );
  // Without the own path nothing shows that another program is started.
  const isSelf =
    first === null || self === null || realPath(first) === realPath(self) || !self.includes(platform.path.sep);
  return { name, self, first, isSelf, longer: [...new Set(longer)], exposed: runtime.exposedFolder?.() ?? null };
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
