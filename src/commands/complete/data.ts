import type { Flag } from '../../cli/flag.ts';

/** Everything that completion needs of the program itself. The build stores it, so that no command has to be loaded. */
export interface CompletionData {
  /** Every command by its name, with its summary and the indices of its flags. */
  readonly commands: Readonly<Record<string, { readonly summary: string; readonly flags: readonly number[] }>>;
  /** Several have the same name where commands explain a flag otherwise. */
  readonly flags: readonly Flag[];
}

/** The flags of a command; of any other word none. */
export function flagsOf(verb: string, { commands, flags }: CompletionData): readonly Flag[] {
  const indices = Object.hasOwn(commands, verb) ? commands[verb]?.flags : undefined;
  return (indices ?? []).flatMap((index) => flags[index] ?? []);
}

/** Makes it. */
export function completionData(
  commands: Readonly<Record<string, { readonly summary: string; readonly flags: readonly Flag[] }>>,
): CompletionData {
  const all = [...new Set(Object.values(commands).flatMap(({ flags }) => flags))];
  const indices = new Map(all.map((flag, index) => [flag, index]));
  return {
    commands: Object.fromEntries(
      Object.entries(commands).map(([verb, { summary, flags }]) => [
        verb,
        { summary, flags: flags.map((flag) => indices.get(flag) ?? 0) },
      ]),
    ),
    flags: all.map(({ ...flag }) => flag),
  };
}
