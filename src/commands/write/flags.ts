import type { Flag } from '../../cli/flag.ts';

/** The flags of `apply` alone, with the names and meanings of kubectl. */
export const APPLY_FLAGS: readonly Flag[] = [
  {
    name: 'server-side',
    type: 'boolean',
    group: 'apply',
    help: 'Run apply in the server; always true, because a client-side apply is three requests with a comparison between them',
  },
];
