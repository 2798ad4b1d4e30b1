import { executablesOf, type BuildOptions } from '../build.ts';
import { runcPath } from './runc.ts';
import { nodePrograms, type NodeProgram } from './versions.ts';

/** The path of each program of a node, runc included. */
export type NodeExecutables = Readonly<Record<NodeProgram | 'runc', string>>;

/** As `executables`, for a node: found, or built and fetched into the cache. */
export async function nodeExecutables(options: BuildOptions = {}): Promise<NodeExecutables> {
  const progress = options.progress ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const runc = await runcPath(options.env ?? process.env, progress);
  return { ...(await executablesOf(nodePrograms, options)), runc } as NodeExecutables;
}
