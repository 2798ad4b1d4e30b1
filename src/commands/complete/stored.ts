import { join } from 'node:path';
import type { FlagWord } from '../../cli/split.ts';
import { discoveryFolder, storedTypeNames } from '../../kube/connect/kubectl-discovery.ts';
import { loadKubeconfig, type Kubeconfig } from '../../kube/connect/kubeconfig.ts';
import { choose, type Completion } from './completion.ts';
import type { CompletionWorld, KubectlLine } from './world.ts';

/** Lists of the kubeconfig, by the flag that takes a name of one. */
const LISTS = { context: 'contexts', cluster: 'clusters', user: 'users' } as const;

const isListed = (flag: string): flag is keyof typeof LISTS => Object.hasOwn(LISTS, flag);

/** The names that a flag of the connection may have, from the kubeconfig. Undefined where only kubectl knows them. */
export async function kubeconfigNames(
  flag: string,
  { flags, typed }: Pick<KubectlLine, 'flags' | 'typed'>,
  world: CompletionWorld,
): Promise<Completion | undefined> {
  if (!isListed(flag)) return undefined;
  const names = [...((await readKubeconfig(flags, world))?.[LISTS[flag]].keys() ?? [])];
  return names.length === 0
    ? undefined
    : choose(
        names.map((value) => ({ value })),
        typed,
      );
}

/** Commands of kubectl whose first word is a type, or a type and a name. */
export const OF_TYPES = new Set('get delete patch describe edit label annotate'.split(' '));

/**
 * Types of the server, where they are all that kubectl offers, from kubectl's own files. Undefined where kubectl has to complete:
 * names, several types, and where the files are too old.
 */
export async function storedTypes(
  { verb, flags, typed, args }: KubectlLine,
  world: CompletionWorld,
): Promise<Completion | undefined> {
  if (!OF_TYPES.has(verb) || args.length > 0 || /[/,]|^-/.test(typed)) return undefined;
  const kubeconfig = await readKubeconfig(flags, world);
  const server = valueOf(flags, 'server') ?? (kubeconfig === undefined ? undefined : serverOf(kubeconfig, flags));
  if (!server) return undefined;
  const { env, home, now } = world;
  const cache = valueOf(flags, 'cache-dir') || env['KUBECACHEDIR'] || join(home, '.kube', 'cache');
  const names = storedTypeNames(discoveryFolder(cache, server), 'get', Number(now / 1_000_000n));
  return names === undefined
    ? undefined
    : choose(
        names.map((value) => ({ value })),
        typed,
      );
}

/** kubectl has words for what is wrong with it. */
const readKubeconfig = (flags: readonly FlagWord[], world: CompletionWorld): Promise<Kubeconfig | undefined> =>
  loadKubeconfig(valueOf(flags, 'kubeconfig'), world).catch(() => undefined);

function serverOf({ contexts, clusters, currentContext }: Kubeconfig, flags: readonly FlagWord[]): string | undefined {
  const context = contexts.get(valueOf(flags, 'context') ?? currentContext ?? '');
  return clusters.get(valueOf(flags, 'cluster') ?? context?.cluster ?? '')?.server;
}

/** The last value that was given; undefined without one. */
const valueOf = (flags: readonly FlagWord[], name: string): string | undefined =>
  flags.findLast(({ flag }) => flag.name === name)?.value;
