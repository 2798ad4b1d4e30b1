import type { Flag } from '../../cli/flag.ts';
import { BACKEND_KINDS, KINDS } from '../../backend/kinds.ts';
import { rememberedBackends } from '../../tracing/backend/in-cluster/remembered.ts';
import { isNativeVerb, kubectlFlags } from '../kubectl/flags.ts';
import { choose, Directive, FILES, NOTHING, type Choice, type Completion } from './completion.ts';
import { flagsOf, type CompletionData } from './data.ts';
import type { Place } from './place.ts';
import { traceOrFile } from './words.ts';
import { byKubectl, valuesByKubectl, type CompletionWorld } from './world.ts';

/** Names of flags: those of the command, or before it those of every traced command. */
export function flagNames({ verb, flags, typed }: Place, data: CompletionData): Completion {
  const given = new Set(flags.filter(({ flag }) => flag.type !== 'strings').map(({ flag }) => flag.name));
  const known = flagsOf(verb ?? 'run', data);
  const own = known.filter(({ name }) => !given.has(name));
  const named = own.map(({ name, help }): Choice => ({ value: `--${name}`, text: help }));
  const letters = own.flatMap(({ alias, help }): Choice[] =>
    alias === undefined ? [] : [{ value: `-${alias}`, text: help }],
  );
  return choose([...named, ...letters, ...onlyKubectl(verb, known)], typed);
}

/** With these flags kubectl sends the requests of a native verb. */
function onlyKubectl(verb: string | undefined, known: readonly Flag[]): readonly Choice[] {
  if (verb === undefined || !isNativeVerb(verb)) return [];
  const names = kubectlFlags(verb).names.filter((name) => !known.some((flag) => flag.name === name));
  return names.map((name) => ({ value: `--${name}`, text: "a flag of kubectl's command, which kubectl then runs" }));
}

/** Flags whose values kubectl completes, by the name that kubectl has for them. */
const OF_CONNECTION: ReadonlyMap<string, string> = new Map([
  ['context', 'context'],
  ['cluster', 'cluster'],
  ['user', 'user'],
  ['tracer-user', 'user'],
  ['namespace', 'namespace'],
]);

/** kubectl's own choice for manifests. */
const MANIFESTS = ['json', 'yaml', 'yml'].map((value) => ({ value }));

/** Values of the flag that the cursor is behind. */
export async function flagValues(place: Place, flag: Flag, world: CompletionWorld): Promise<Completion> {
  const { verb = '', typed, word } = place;
  const { name, type, placeholder = '' } = flag;
  if (name === 'compare') return traceOrFile(typed, world);
  if (name === 'backend') return choose(await backends(world), typed);
  if (type === 'boolean') return choose([{ value: 'true' }, { value: 'false' }], typed);
  const values = closedList(flag);
  if (values !== undefined) return choose(values, typed);
  const connection = OF_CONNECTION.get(name);
  if (connection === 'namespace') return (await import('./names.ts')).namespaces(place, world);
  if (connection !== undefined) {
    const { kubeconfigNames } = await import('./stored.ts');
    return (await kubeconfigNames(connection, place, world)) ?? valuesByKubectl(connection, place, world);
  }
  if (name === 'filename') return { choices: MANIFESTS, directive: Directive.extensions };
  if (placeholder === 'FILE' || name === 'socket') return FILES;
  if (placeholder === 'FOLDER') return { choices: [], directive: Directive.folders };
  const isKubectls = isNativeVerb(verb) && kubectlFlags(verb).names.includes(name);
  return isKubectls ? byKubectl({ ...place, verb, typed: word }, world) : NOTHING;
}

/** `tree, jsonpath=TEMPLATE` and `server|none`: every value that the flag has; undefined where any text may be one. */
function closedList({ choices, placeholder = '' }: Flag): readonly Choice[] | undefined {
  const values = choices ?? (/^[a-z]+(?:\|[a-z]+)+$/.test(placeholder) ? placeholder.split('|') : undefined);
  return values?.map((value) => ({ value: value.replace(/(?<==).*/, '') }));
}

/** The backend of the environment, those that were found in clusters, and the kinds that an address may begin with. */
async function backends(world: CompletionWorld): Promise<readonly Choice[]> {
  const given = world.env['KUBECTL_TRACE_BACKEND'] ?? '';
  const found = await rememberedBackends(world);
  return [
    ...(given === '' ? [] : [{ value: given, text: 'KUBECTL_TRACE_BACKEND' }]),
    ...found.map(({ context, spec }) => ({ value: spec, text: `found in context ${context}` })),
    { value: 'auto', text: 'search the cluster again' },
    ...BACKEND_KINDS.map((kind) => ({ value: kind === 'local' ? kind : `${kind}=`, text: KINDS[kind].name })),
  ];
}
