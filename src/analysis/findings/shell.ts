/** What Kubernetes takes for the name of an object of its own API: nothing in it means anything to a shell. */
const NAME = /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/;

/** A name for a command line; undefined for anything that no cluster would have accepted as one. */
export function shellName(name: string | undefined): string | undefined {
  return name !== undefined && name.length <= 253 && NAME.test(name) ? name : undefined;
}

/** Characters of a request's path and query. */
const PATH = /^\/[\w/.:?&=%,+~-]*$/;

/** Undefined for anything that is not plainly a path. */
export const shellPath = (path: string | undefined): string | undefined =>
  path !== undefined && PATH.test(path) ? path : undefined;
