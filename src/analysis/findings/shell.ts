/** Names that Kubernetes accepts for objects. They contain no character with a meaning to a shell. */
const NAME = /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/;

/** A name for a command line; undefined for text that no cluster accepts as a name. */
export function shellName(name: string | undefined): string | undefined {
  return name !== undefined && name.length <= 253 && NAME.test(name) ? name : undefined;
}

/** A request's path and query, made of characters that are safe in a command line. */
const PATH = /^\/[\w/.:?&=%,+~-]*$/;

/** A path for a command line; undefined for any other text. */
export const shellPath = (path: string | undefined): string | undefined =>
  path !== undefined && PATH.test(path) ? path : undefined;
