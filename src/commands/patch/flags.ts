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
    help: 'The patch, JSON or YAML',
  },
  {
    name: 'patch-file',
    type: 'string',
    group: 'patch',
    placeholder: 'FILE',
    help: 'A file that holds the patch; - is standard input',
  },
  {
    name: 'type',
    type: 'choice',
    group: 'patch',
    placeholder: 'TYPE',
    choices: ['strategic', 'merge', 'json', 'apply'],
    default: 'strategic',
    help: 'How the patch is meant',
  },
];
