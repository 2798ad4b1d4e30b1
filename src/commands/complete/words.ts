import { isNativeVerb } from '../kubectl/flags.ts';
import { choose, Directive, FILES, NOTHING, type Choice, type Completion } from './completion.ts';
import type { CompletionData } from './data.ts';
import type { PlaceInCommand } from './place.ts';
import { storedTraces } from './traces.ts';
import { byKubectl, joined, type CompletionWorld, type KubectlLine } from './world.ts';

/** Words that are neither flags nor their values. */
export async function wordsOf(
  place: PlaceInCommand,
  data: CompletionData,
  world: CompletionWorld,
): Promise<Completion> {
  const { verb, args, typed, flags } = place;
  if (isNativeVerb(verb)) return typesOrNames(place, world);
  if (verb === 'pod') return pods(place, world);
  if (verb === 'history')
    return flags.some(({ flag }) => flag.name === 'remove') ? storedTraces(typed, world) : NOTHING;
  if (verb === 'setup' && args.join(' ') === 'backend') return choose(BACKENDS, typed);
  if (args.length > 0) return NOTHING;
  switch (verb) {
    case 'show':
      return traceOrFile(typed, world);
    case 'raw':
      return choose(METHODS, typed.toUpperCase());
    case 'run':
      return choose([{ value: '--', text: 'the command to trace follows' }], typed);
    case 'completion':
      return choose(SHELLS, typed);
    case 'setup':
      return choose(SETUP, typed);
    case 'help':
      return choose(
        Object.entries(data.commands).map(([value, { summary }]) => ({ value, text: summary })),
        typed,
      );
    default:
      return NOTHING;
  }
}

/** Types, and behind one the names of its objects. */
export async function typesOrNames(line: KubectlLine, world: CompletionWorld): Promise<Completion> {
  if (line.args.length > 0) return (await import('./names.ts')).namesOrKubectl(line, world);
  const { storedTypes } = await import('./stored.ts');
  return (await storedTypes(line, world)) ?? byKubectl(line, world);
}

const valuesOf = (words: string): readonly Choice[] => words.split(' ').map((value) => ({ value }));

const METHODS = valuesOf('GET HEAD OPTIONS POST PUT PATCH DELETE');
const SHELLS = valuesOf('bash zsh fish powershell');
const SETUP = valuesOf(
  'kubeadm kind minikube k3s rke2 talos cluster-api static-pods systemd backend identity metrics-reader',
);
const BACKENDS = valuesOf('jaeger serve');

/** Types of which `pod` finds the pods. */
const WITH_PODS = valuesOf('deployment/ statefulset/ daemonset/ replicaset/ job/ cronjob/ service/ pod/');

/** Pods by name, and other objects as TYPE/NAME. Only pods can be named together. */
async function pods(place: PlaceInCommand, world: CompletionWorld): Promise<Completion> {
  const { args, typed } = place;
  if (typed.includes('/')) return args.length === 0 ? byKubectl({ ...place, verb: 'get' }, world) : NOTHING;
  const { namesOrKubectl } = await import('./names.ts');
  const named = await namesOrKubectl({ ...place, verb: 'get', args: ['pods', ...args] }, world);
  return args.length === 0 ? withNoSpace(joined(named, choose(WITH_PODS, typed))) : named;
}

/** Names are followed by a space, and types are not: only where all are types the shell knows before. */
function withNoSpace({ choices, directive }: Completion): Completion {
  const isType = choices.length > 0 && choices.every(({ value }) => value.endsWith('/'));
  return { choices, directive: isType ? directive | Directive.noSpace : directive & ~Directive.noSpace };
}

/** A trace, as `show` and its --compare take it. */
export function traceOrFile(typed: string, world: CompletionWorld): Completion {
  const stored = storedTraces(typed, world);
  return stored.choices.length === 0 ? FILES : stored;
}
