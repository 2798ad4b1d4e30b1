/** What Kubernetes takes for the name of an object of its own API: nothing in it means anything to a shell. */
const NAME = /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/;

/** A name for a command line; undefined for anything that no cluster would have accepted as one. */
export function shellName(name: string | undefined): string | undefined {
  return name !== undefined && name.length <= 253 && NAME.test(name) ? name : undefined;
}

/** Characters of a request's path and query that stay what they are between single quotes. */
const PATH = /^\/[\w/.:?&=%,+~-]*$/;

/** `'/api/v1/nodes?limit=500'`; undefined for anything that is not plainly a path. */
export function shellPath(path: string | undefined): string | undefined {
  if (path === undefined || !PATH.test(path)) return undefined;
  return /^[\w/.:-]+$/.test(path) ? path : `'${path}'`;
}
