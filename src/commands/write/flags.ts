import type { Flag } from '../../cli/flag.ts';

/** The flags of `apply` alone, with the names and meanings of kubectl. */
export const APPLY_FLAGS: readonly Flag[] = [
  {
    name: 'server-side',
    type: 'boolean',
    group: 'apply',
    help: 'Always on: there is no client-side apply here, which is three requests and a comparison in between',
  },
];
