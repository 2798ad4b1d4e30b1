/**
 * A value that is made when it is first used.
 *
 *     const pattern = once(() => /…/g);
 *     text.replace(pattern(), …)
 *
 * V8 reads a regular expression where it stands. For a dozen of them that takes as long as the command line does: those
 * that most commands do not need are made by this.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
