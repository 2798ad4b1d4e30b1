import { nearestName } from '../format/nearest-name.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Entry, Group } from './entry.ts';

/** An entry with the group that it belongs to. */
export interface Found {
  readonly group: Group;
  readonly entry: Entry;
}

const ALL: readonly Found[] = CATALOGUE.flatMap((group) => group.entries.map((entry) => ({ group, entry })));

/** Services that the first row of a process has before its name. */
const SERVICE = /^(?:apiserver|etcd|kubelet|containerd) (?=\S)/;

/**
 * The entries that explain a name as spans and screens have it, also with its variable part and without its signs. Several
 * only where they differ in case alone, and the name has neither: `get` is `Get` and `GET`.
 */
export function findEntries(typed: string): readonly Found[] {
  for (const name of readings(typed)) {
    const exact = ALL.filter(({ entry }) => matches(entry, name));
    if (exact.length > 0) return exact;
    const loose = ALL.filter(({ entry }) => matchesInAnyCase(entry, name));
    if (loose.length > 0) return loose;
  }
  return [];
}

/** The name as typed; without remarks on how well it is known; without the service, or the row above, before it. */
function readings(typed: string): readonly string[] {
  const name = typed
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^▲ | ✗$/g, '');
  const bare = name.replace(/ \((?:inferred|length only|at most|no spans|refused|failed)[^()]*\)/g, '');
  return [...new Set([name, bare, bare.replace(SERVICE, ''), bare.replace(/^.* > /, '')])];
}

/** Whether an entry is about exactly this name. */
export const matches = ({ name, also = [], pattern }: Entry, wanted: string): boolean =>
  name === wanted || also.includes(wanted) || pattern?.test(wanted) === true;

function matchesInAnyCase({ name, also = [], pattern }: Entry, wanted: string): boolean {
  const lower = wanted.toLowerCase();
  return (
    [name, ...also].some((one) => one.toLowerCase() === lower) ||
    (pattern !== undefined && new RegExp(pattern, 'i').test(wanted))
  );
}

/** Names that are offered for an unknown one. */
const MAX_OFFERED = 5;

/** The nearest name; else the names that have the typed word, or whose summaries do. */
export function nearestEntries(typed: string): readonly string[] {
  const names = ALL.flatMap(({ entry: { name, also = [] } }) => [name, ...also]);
  const nearest = nearestName(typed, names);
  if (nearest !== undefined) return [nearest];
  const word = typed.trim().toLowerCase();
  if (word.length < 2) return [];
  // Most texts have any two letters: they must be a word there, as KV is.
  const hasWord = (text: string): boolean =>
    word.length > 2 ? text.includes(word) : text.split(/[^a-z0-9]+/).includes(word);
  const having = (text: (entry: Entry) => string): string[] =>
    ALL.filter(({ entry }) => hasWord(text(entry).toLowerCase())).map(({ entry }) => entry.name);
  const named = having(({ name, also = [] }) => [name, ...also].join(' '));
  return (named.length > 0 ? named : having(({ summary }) => summary)).slice(0, MAX_OFFERED);
}
