/**
 * A table that is looked up by texts from outside: without what every object inherits, so that `__proto__`,
 * `constructor` and `toString` are found only where they were entered.
 */
export const tableOf = <Key extends string, Value>(
  entries: Readonly<Record<Key, Value>>,
): Readonly<Record<Key, Value>> => Object.assign(Object.create(null), entries) as Readonly<Record<Key, Value>>;

/** Own property of an object by its name; undefined for inherited ones. */
export const own = <Value>(object: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;
