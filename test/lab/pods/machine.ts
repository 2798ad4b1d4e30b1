/** Of nodes (status.nodeInfo) and of the processes that made spans: nothing of a pod follows from it. */
const names = new Set(['machineID', 'systemUUID', 'bootID']);
const tags = /^(host|process|os)\./;

/** The same answer without what tells one machine from another. */
export function withoutMachine(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((each) => !isTagOfMachine(each)).map((each) => withoutMachine(each));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, names.has(name) ? '' : withoutMachine(each)]),
  );
}

function isTagOfMachine(value: unknown): boolean {
  const key = (value as { key?: unknown } | null)?.key;
  return typeof key === 'string' && tags.test(key);
}
