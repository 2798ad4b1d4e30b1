import { rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { ExitCode, TraceCommandError } from '../../errors.ts';
import { splitList } from '../../platform.ts';
import { escapeText } from '../../render/escape.ts';
import { onWindows, type World } from './install.ts';
import { fileFor, inspect } from './shim.ts';

/**
 * Removes the file that `completion --install` wrote, from each folder of the PATH, and says so. Rejects with a
 * TraceCommandError for one that cannot be removed.
 */
export async function uninstall(plugin: string, world: World): Promise<string> {
  if (world.uid === undefined) throw onWindows();
  const folders = new Set(splitList(world.env['PATH'] ?? '', world.platform).filter((folder) => isAbsolute(folder)));
  const lines = [...folders].flatMap((folder) => removeFrom(join(folder, fileFor(plugin)), plugin));
  return lines.length === 0 ? `no ${fileFor(plugin)} is on the PATH: nothing to remove\n` : lines.join('');
}

function removeFrom(path: string, plugin: string): readonly string[] {
  const present = inspect(path, plugin);
  if (present.is === 'missing') return [];
  if (present.is === 'packaged') return [`left ${escapeText(path)}: it goes with its package\n`];
  if (present.is === 'foreign') return [`left ${escapeText(path)}: completion --install did not write it\n`];
  try {
    rmSync(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const problem = `cannot remove ${path}: ${code ?? message}`;
    throw new TraceCommandError(ExitCode.requestFailed, 'CannotRemove', problem, {
      cause,
      hint: 'run it as the user who may write to its folder',
    });
  }
  return [`removed ${escapeText(path)}\n`];
}
