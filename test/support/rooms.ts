import { posix } from 'node:path';
import type { SourceImport } from './architecture.ts';

/** Which folders of kube/ and backend/ may import which others of the same floor. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'kube/cluster.ts': ['kube/api', 'kube/connect', 'kube/http', 'kube/json.ts'],
  'kube/json.ts': [],
  'kube/http': ['kube/api', 'kube/connect', 'kube/json.ts'],
  'kube/connect': ['kube/http', 'kube/manifest', 'kube/json.ts'],
  'kube/api': ['kube/http', 'kube/manifest', 'kube/json.ts'],
  'kube/manifest': ['kube/api', 'kube/json.ts'],
  'kube/print': ['kube/api', 'kube/http', 'kube/manifest', 'kube/json.ts'],
  'backend/backend.ts': [],
  'backend/spec.ts': ['backend/backend.ts', 'backend/kinds', 'backend/kinds.ts'],
  'backend/kinds.ts': ['backend/backend.ts', 'backend/kinds'],
  'backend/registry.ts': [
    'backend/backend.ts',
    'backend/detect',
    'backend/find',
    'backend/http',
    'backend/kinds',
    'backend/kinds.ts',
    'backend/spec.ts',
  ],
  'backend/http': ['backend/backend.ts', 'backend/kinds.ts'],
  'backend/access': ['backend/http'],
  'backend/kinds': ['backend/access', 'backend/backend.ts', 'backend/http'],
  'backend/detect': ['backend/backend.ts', 'backend/http', 'backend/kinds.ts', 'backend/spec.ts'],
  'backend/find': ['backend/backend.ts', 'backend/kinds.ts'],
};

/** Files of commands/ itself that every command may import. */
const SHARED_BY_COMMANDS = ['commands/command.ts', 'commands/kubectl-words.ts', 'commands/verbs.ts'];

/** Commands that use the code of another command, and why. */
const COMMANDS_THAT_SHARE: Readonly<Record<string, string>> = {
  'commands/write → commands/pod': '--follow shows the pods of the created object as `pod` does',
  'commands/show → commands/pod': 'a stored PodTrace is printed as `pod` prints it',
  'commands/kubectl → commands/pod': '--follow shows the pods of the applied object as `pod` does',
  'commands/complete → commands/kubectl': 'the words of a line are divided as when it is run',
  'commands/kubectl → commands/run': 'kubectl runs behind the proxy of `run`',
  'commands/serve → commands/show': 'the page of a trace is drawn as `show` draws it',
};

/** The reason why an import within a floor is refused; undefined when it is allowed. */
export function roomViolation({ file, specifier }: SourceImport): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = posix.join(posix.dirname(file), specifier);
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from === to || floorOf(from) !== floorOf(to)) return undefined;
  if (floorOf(from) === 'commands') return commandViolation(file, from, target, to);
  const allowed = ROOMS[from];
  if (!(from in ROOMS) && !(to in ROOMS)) return undefined;
  return allowed?.includes(to) === true ? undefined : `${file}: ${from} must not import ${to}`;
}

function commandViolation(file: string, from: string, target: string, to: string): string | undefined {
  // The index imports the light part of each command; what runs it is behind import().
  if (file === 'commands/index.ts' || SHARED_BY_COMMANDS.includes(target)) return undefined;
  const isFolder = !from.endsWith('.ts');
  if (!isFolder && SHARED_BY_COMMANDS.includes(file)) return `${file}: must not import ${target}`;
  if (!isFolder || COMMANDS_THAT_SHARE[`${from} → ${to}`] !== undefined) return undefined;
  return `${file}: a command must not import another one (${target})`;
}

const floorOf = (room: string): string => room.slice(0, room.indexOf('/'));

/** `kube/http` for kube/http/send.ts, `kube/json.ts` for kube/json.ts. */
const roomOf = (file: string): string => file.split('/').slice(0, 2).join('/');

/** The files of each import cycle, with type imports and dynamic imports. Tarjan's strongly connected components. */
export function cyclesOf(imports: readonly SourceImport[]): string[][] {
  const targets = Map.groupBy(
    imports.filter(({ specifier }) => specifier.startsWith('.')),
    ({ file }) => file,
  );
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string): number => {
    const own = index.size;
    index.set(file, own);
    low.set(file, own);
    stack.push(file);
    for (const { specifier } of targets.get(file) ?? []) {
      const next = posix.join(posix.dirname(file), specifier);
      const seen = index.get(next);
      if (seen === undefined) low.set(file, Math.min(low.get(file)!, visit(next)));
      else if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, seen));
    }
    if (low.get(file) === own) {
      const members = stack.splice(stack.indexOf(file));
      if (members.length > 1) cycles.push(members.toSorted());
    }
    return low.get(file)!;
  };
  for (const file of targets.keys()) if (!index.has(file)) visit(file);
  return cycles;
}
