import { isNativeVerb } from '../kubectl/flags.ts';
import { KUBECTL_COMMANDS } from '../kubectl-words.ts';
import { choose, FILES, NOTHING, type Choice, type Completion } from './completion.ts';
import { flagsOf, type CompletionData } from './data.ts';
import { flagNames, flagValues } from './flags.ts';
import { KUBECTL_SUMMARIES } from './kubectl-summaries.ts';
import { placeOf, type PlaceInCommand } from './place.ts';
import { typesOrNames, wordsOf } from './words.ts';
import { byKubectl, completionOfKubectl, type CompletionWorld } from './world.ts';

/**
 * Completes the last of these words, which follow `kubectl trace` on a command line. Names of the cluster
 * and of the kubeconfig come from kubectl, and everything else from the program itself.
 */
export async function complete(
  words: readonly string[],
  data: CompletionData,
  world: CompletionWorld,
): Promise<Completion> {
  const place = placeOf(words, data);
  if (place === undefined) return NOTHING;
  const { verb, valueOf, typed } = place;
  if (valueOf !== undefined) return flagValues(place, valueOf, world);
  if (verb === undefined) return typed.startsWith('-') ? flagNames(place, data) : choose(verbs(data), typed);
  const inCommand = { ...place, verb };
  if (place.args.includes('--')) return behindDashes(inCommand, world);
  if (isKubectls(inCommand, data)) return passedOn(inCommand, world);
  return typed.startsWith('-') ? flagNames(place, data) : wordsOf(inCommand, data, world);
}

const verbs = ({ commands }: CompletionData): readonly Choice[] => [
  ...Object.entries(commands).map(([value, { summary }]) => ({ value, text: summary })),
  ...kubectlVerbs,
];

/** Subcommands of apply and create, which have other flags. */
const SUBCOMMAND = /^(?:apply (?:edit|set|view)-last-applied|create \w)/;

/** Commands of kubectl and of plugins, `run NAME --image=IMAGE`, and flags of kubectl's subcommands. */
function isKubectls({ verb, positionals, typed }: PlaceInCommand, data: CompletionData): boolean {
  if (verb === 'run') return positionals.some((word) => !word.startsWith('-'));
  if (isNativeVerb(verb)) return typed.startsWith('-') && SUBCOMMAND.test(`${verb} ${positionals.join(' ')}`);
  return flagsOf(verb, data).length === 0;
}

function passedOn(place: PlaceInCommand, world: CompletionWorld): Promise<Completion> {
  const { verb, rest, typed } = place;
  if (KUBECTL_COMMANDS.has(verb) || verb === 'run' || isNativeVerb(verb)) return typesOrNames(place, world);
  // A plugin gets no flags before its own.
  return completionOfKubectl([verb, ...rest, typed], world);
}

/** The command of `run`: the shell completes it, or kubectl where it is kubectl. Elsewhere kubectl knows what may follow. */
function behindDashes(place: PlaceInCommand, world: CompletionWorld): Promise<Completion> {
  const { verb, flags, args, typed } = place;
  if (isNativeVerb(verb) || KUBECTL_COMMANDS.has(verb)) return byKubectl(place, world);
  const [program = '', command, ...others] = args.slice(args.indexOf('--') + 1);
  if (verb !== 'run' || !/(?:^|[/\\])kubectl(?:\.exe)?$/i.test(program)) return Promise.resolve(FILES);
  if (command === undefined) return Promise.resolve(choose(kubectlVerbs, typed));
  return typesOrNames({ verb: command, flags, args: others, typed }, world);
}

const kubectlVerbs: readonly Choice[] = Object.entries(KUBECTL_SUMMARIES).map(([value, text]) => ({ value, text }));
