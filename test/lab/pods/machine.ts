/** Fields of status.nodeInfo; tags of the processes that made spans: no verdict on a pod depends on them. */
const names = new Set(['machineID', 'systemUUID', 'bootID']);
const tags = /^(host|process|os)\./;

/** The same response without the values that distinguish machines. */
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
