import type { Flag } from '../../cli/flag.ts';

/** The flags of `delete` alone, with the names and meanings of kubectl. */
export const DELETE_FLAGS: readonly Flag[] = [
  {
    name: 'all',
    type: 'boolean',
    group: 'delete',
    help: 'Delete all objects of the specified types, in the namespace',
  },
  {
    name: 'cascade',
    type: 'string',
    group: 'delete',
    placeholder: 'background|foreground|orphan',
    implied: 'background',
    default: 'background',
    help: 'Deletion cascading strategy for the dependents, such as the pods of a ReplicaSet',
  },
  {
    name: 'grace-period',
    type: 'integer',
    group: 'delete',
    placeholder: 'SECONDS',
    help: "Seconds given to the pod to terminate gracefully; 0 requires --force, and the pod's own value applies if omitted or negative",
  },
  {
    name: 'now',
    type: 'boolean',
    group: 'delete',
    help: 'Signal the objects for immediate shutdown (same as --grace-period=1)',
  },
  {
    name: 'force',
    type: 'boolean',
    group: 'delete',
    help: 'Remove the objects from the API immediately and bypass graceful deletion',
  },
];
