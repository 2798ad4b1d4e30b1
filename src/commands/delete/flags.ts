import type { Flag } from '../../cli/flag.ts';

/** The flags of `delete` alone, with the names and meanings of kubectl. */
export const DELETE_FLAGS: readonly Flag[] = [
  {
    name: 'all',
    type: 'boolean',
    group: 'delete',
    help: 'Delete all objects of the type, in the namespace',
  },
  {
    name: 'cascade',
    type: 'string',
    group: 'delete',
    placeholder: 'background|foreground|orphan',
    implied: 'background',
    default: 'background',
    help: 'What becomes of the objects that belong to a deleted one',
  },
  {
    name: 'grace-period',
    type: 'integer',
    group: 'delete',
    placeholder: 'SECONDS',
    help: 'Time for a pod to end; 0 needs --force. Without this flag, or below 0: the one of the pod',
  },
  { name: 'now', type: 'boolean', group: 'delete', help: 'The same as --grace-period=1' },
  {
    name: 'force',
    type: 'boolean',
    group: 'delete',
    help: 'Do not wait for the end of what is deleted: no grace period',
  },
];
