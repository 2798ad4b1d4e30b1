/** Maximum number of parts of a path that get their own wording. */
const PARTS = 5;

/** A path, then shorter and shorter ends of it: `/api/v1/nodes`, `…/v1/nodes`, `…/nodes`. */
export function pathWordings(path: string): [string, ...string[]] {
  const wordings: [string, ...string[]] = [path];
  const parts = path.split('/').filter((part) => part !== '');
  for (let count = Math.min(PARTS, parts.length - 1); count > 0; count--) {
    wordings.push(`…/${parts.slice(-count).join('/')}`);
  }
  return wordings;
}
