import type { Flag } from '../../cli/flag.ts';

/** The flags of `raw` alone. */
export const RAW_FLAGS: readonly Flag[] = [
  {
    name: 'data',
    type: 'string',
    group: 'raw',
    placeholder: 'TEXT|@FILE',
    secret: true,
    help: 'What to send: the text itself, or after an @ the file that holds it; @- is standard input',
  },
  {
    name: 'header',
    type: 'strings',
    group: 'raw',
    placeholder: "'NAME: VALUE'",
    secret: true,
    help: 'A header to send, in place of what kubectl sends; may be repeated',
  },
];
