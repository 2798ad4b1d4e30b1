import type { Flag } from '../flag.ts';

/** Flags for printing the response. */
export const RESPONSE_FLAGS: readonly Flag[] = [
  {
    name: 'show-response',
    type: 'choice',
    group: 'response',
    placeholder: 'FORMAT',
    choices: ['table', 'wide', 'json', 'yaml', 'name'],
    implied: 'table',
    help: "Also print the server's response as kubectl prints it, by default as a table; with -o json or yaml it is requests[].body",
  },
];

/** Output format of the server's response (`--show-response`), by kubectl's names. */
export type ResponseFormat = 'table' | 'wide' | 'json' | 'yaml' | 'name';
