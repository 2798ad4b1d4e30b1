import type { Flag } from '../../cli/flag.ts';

/** The flags of `raw` alone. */
export const RAW_FLAGS: readonly Flag[] = [
  {
    name: 'data',
    type: 'string',
    group: 'raw',
    placeholder: 'TEXT|@FILE',
    secret: true,
    help: 'Request body: the text, @FILE for the content of a file, or @- for standard input',
  },
  {
    name: 'header',
    type: 'strings',
    group: 'raw',
    placeholder: "'NAME: VALUE'",
    secret: true,
    help: 'Header to send instead of the one that kubectl sends; can be repeated',
  },
];
