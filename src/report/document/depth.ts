/**
 * Whether objects and lists in a JSON value are nested deeper than `most` levels. Iterative, unlike everything that reads and
 * prints a document afterwards.
 */
export function isDeeper(value: unknown, most: number): boolean {
  let level = [value].filter(isNested);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > most) return true;
    const next: object[] = [];
    // Object.values would make a list of each span's members.
    for (const each of level) {
      for (const name in each) {
        const member = each[name as keyof typeof each] as unknown;
        if (isNested(member)) next.push(member);
      }
    }
    level = next;
  }
  return false;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
