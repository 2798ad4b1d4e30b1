/**
 * A count with its noun: `0 spans`, `1 span`, `2 spans`. Every message that has a count uses it, so that none says
 * "1 spans". `many` is for what an "s" at the end does not make: `counted(2, 'command has', 'commands have')`.
 */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** A count for people: `5,000`. The same in every locale of the machine. */
export const grouped = (count: number): string => count.toLocaleString('en-US');

/** `1 pod`, `5,000 pods`. */
export const countedInGroups = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** A list in words: `app=web`, `a and b`, `a, b and c`. */
export const inWords = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
