/** `deployment.apps`, as kubectl names a kind before an object's name. */
export const kindName = (kind: string, group: string): string =>
  `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}`;
