type WithoutUndefined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Leaves out what was not given, as `exactOptionalPropertyTypes` wants it. */
export function withoutUndefined<T extends object>(record: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as WithoutUndefined<T>;
}
