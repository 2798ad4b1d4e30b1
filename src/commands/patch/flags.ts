import type { Flag } from '../../cli/flag.ts';

/** The flags of `patch` alone, with the names and meanings of kubectl. */
export const PATCH_FLAGS: readonly Flag[] = [
  {
    name: 'patch',
    alias: 'p',
    type: 'string',
    group: 'patch',
    placeholder: 'PATCH',
    secret: true,
    help: 'The patch to apply to the object, JSON or YAML',
  },
  {
    name: 'patch-file',
    type: 'string',
    group: 'patch',
    placeholder: 'FILE',
    help: 'A file containing the patch to apply to the object, or - for standard input',
  },
  {
    name: 'type',
    type: 'choice',
    group: 'patch',
    placeholder: 'TYPE',
    choices: ['strategic', 'merge', 'json', 'apply'],
    default: 'strategic',
    help: 'The type of patch being provided',
  },
];
