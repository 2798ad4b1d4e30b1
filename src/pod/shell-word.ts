/** A word of a command as a shell reads it: names of images and hosts come from a cluster, and may hold anything. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
