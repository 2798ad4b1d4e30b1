import { choose, type Completion } from './completion.ts';
import { OF_TYPES } from './stored.ts';
import { byKubectl, valuesByKubectl, type CompletionWorld, type KubectlLine } from './world.ts';

/** A word that names one type: `po`, `deployments.apps`. */
const TYPE = /^[a-z][\w.-]*$/i;

/**
 * Names of the objects of one type, without those that stand in the line already. They are requested without kubectl, which
 * takes longer to start than the request; undefined where kubectl has to complete.
 */
export async function objectNamesOf(
  { verb, flags, args: [type = '', ...named], typed }: KubectlLine,
  world: CompletionWorld,
): Promise<Completion | undefined> {
  if (!OF_TYPES.has(verb) || !TYPE.test(type) || [...named, typed].some((word) => /^-|\//.test(word))) return undefined;
  const names = await namesFrom(world, { type, flags });
  const further = names?.filter((name) => !named.includes(name));
  return further === undefined ? undefined : chosen(further, typed);
}

/** As `objectNamesOf`, else by kubectl. */
export const namesOrKubectl = async (line: KubectlLine, world: CompletionWorld): Promise<Completion> =>
  (await objectNamesOf(line, world)) ?? byKubectl(line, world);

/** Values of --namespace. */
export async function namespaces(
  line: Pick<KubectlLine, 'flags' | 'typed'>,
  world: CompletionWorld,
): Promise<Completion> {
  const names = await namesFrom(world, { type: 'namespaces', flags: line.flags });
  return names === undefined ? valuesByKubectl('namespace', line, world) : chosen(names, line.typed);
}

/** kubectl has its own ways, and fails where ours have failed. */
const namesFrom = (
  { listNames }: CompletionWorld,
  wanted: Parameters<CompletionWorld['listNames']>[0],
): Promise<readonly string[] | undefined> => listNames(wanted).catch(() => undefined);

const chosen = (names: readonly string[], typed: string): Completion =>
  choose(
    names.map((value) => ({ value })),
    typed,
  );
