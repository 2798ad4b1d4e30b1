/** Result of one of the requests of `doctor`: a value, or why there is none. */
export type Reading<Value> =
  | { readonly status: 'read'; readonly value: Value }
  /** The user may not read it. `rule` is what an administrator would grant: `get nonresourceurl /flagz`. */
  | { readonly status: 'refused'; readonly rule: string }
  | { readonly status: 'failed'; readonly problem: string }
  /** There was nothing to read, or no time. */
  | { readonly status: 'none'; readonly why: string };

/** The value; undefined where there is none. */
export const valueOf = <Value>(reading: Reading<Value>): Value | undefined =>
  reading.status === 'read' ? reading.value : undefined;

/** Why there is no value, in a few words. */
export function whyNot(reading: Exclude<Reading<unknown>, { readonly status: 'read' }>): string {
  switch (reading.status) {
    case 'refused':
      return `you may not ${reading.rule}`;
    case 'failed':
      return reading.problem;
    default:
      return reading.why;
  }
}

/** The same for a line of what was looked at. */
export const lookedAt = <Value>(what: string, reading: Reading<Value>, words: (value: Value) => string): string =>
  `${what}: ${reading.status === 'read' ? words(reading.value) : whyNot(reading)}`;
