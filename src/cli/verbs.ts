/** The commands of this version, in the order of the help text. */
export const VERBS = [
  'get',
  'create',
  'apply',
  'replace',
  'patch',
  'delete',
  'raw',
  'run',
  'pod',
  'show',
  'serve',
  'version',
  'help',
] as const;
export type Verb = (typeof VERBS)[number];
