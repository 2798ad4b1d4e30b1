import type { Flag } from '../../cli/flag.ts';

/** The flags of `get` alone, with kubectl's names and meanings where it has them. */
export const GET_FLAGS: readonly Flag[] = [
  {
    name: 'raw',
    type: 'string',
    group: 'request',
    placeholder: 'PATH',
    help: 'Raw URI to request from the server instead of objects, such as /readyz?verbose',
  },
  {
    name: 'chunk-size',
    type: 'integer',
    group: 'request',
    placeholder: 'OBJECTS',
    default: '500',
    help: 'Return large lists in chunks of this many objects, one request per chunk; 0 disables chunking',
  },
  {
    name: 'resource-version',
    type: 'string',
    group: 'request',
    placeholder: 'VERSION',
    help: "Return this resource version or a newer one; 0 accepts any version in the server's cache",
  },
  {
    name: 'resource-version-match',
    type: 'choice',
    group: 'request',
    placeholder: 'RULE',
    choices: ['Exact', 'NotOlderThan'],
    help: 'How --resource-version applies to a list',
  },
  {
    name: 'watch',
    alias: 'w',
    type: 'boolean',
    group: 'watch',
    help: 'After listing the requested objects, watch for changes until --for-events or --for is reached',
  },
  {
    name: 'for-events',
    type: 'count',
    group: 'watch',
    placeholder: 'NUMBER',
    help: 'Stop watching after this many changes',
  },
  { name: 'for', type: 'duration', group: 'watch', placeholder: 'DURATION', help: 'Stop watching after this time' },
];
