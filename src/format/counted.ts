/**
 * A count with its noun: `0 spans`, `1 span`, `2 spans`. Every message that has a count uses it, so that none says
 * "1 spans". `many` is for what an "s" at the end does not make: `counted(2, 'command has', 'commands have')`.
 */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
