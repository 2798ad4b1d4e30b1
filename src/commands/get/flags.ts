import type { Flag } from '../../cli/flag.ts';

/** The flags of `get` alone, with kubectl's names and meanings where it has them. */
export const GET_FLAGS: readonly Flag[] = [
  {
    name: 'raw',
    type: 'string',
    group: 'request',
    placeholder: 'PATH',
    help: 'Request this path of the API server in place of a type and names: /readyz?verbose',
  },
  {
    name: 'chunk-size',
    type: 'integer',
    group: 'request',
    placeholder: 'OBJECTS',
    default: '500',
    help: 'Ask for long lists in parts of so many objects, one request for each; 0 asks for all at once',
  },
  {
    name: 'resource-version',
    type: 'string',
    group: 'request',
    placeholder: 'VERSION',
    help: 'Answer from this version or a later one; 0 is whatever the server has in its cache',
  },
  {
    name: 'resource-version-match',
    type: 'choice',
    group: 'request',
    placeholder: 'RULE',
    choices: ['Exact', 'NotOlderThan'],
    help: 'How a list is to match --resource-version',
  },
  {
    name: 'watch',
    alias: 'w',
    type: 'boolean',
    group: 'watch',
    help: 'After the answer watch for changes, until --for-events or --for',
  },
  {
    name: 'for-events',
    type: 'count',
    group: 'watch',
    placeholder: 'NUMBER',
    help: 'End a watch after so many changes',
  },
  { name: 'for', type: 'duration', group: 'watch', placeholder: 'DURATION', help: 'End a watch after this time' },
];
