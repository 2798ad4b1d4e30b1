import { CONNECTION_FLAGS } from '../cli/options/connection.ts';
import type { Flag } from '../cli/flag.ts';
import { LOOKUP_FLAGS } from '../cli/options/lookup.ts';
import { OUTPUT_FLAGS } from '../cli/options/output.ts';
import { BACKEND_FLAGS } from '../cli/options/backend.ts';
import { SERVE_FLAGS } from './serve/flags.ts';
import { ANSWER_FLAGS } from '../cli/options/response.ts';
import { GET_FLAGS } from './get/flags.ts';
import { REPEAT_FLAGS } from '../cli/options/repeat.ts';
import { EXPORT_FLAGS, RUN_FLAGS } from './run/flags.ts';
import { POD_FLAGS } from './pod/flags.ts';
import { WRITE_FLAGS } from './write/flags.ts';

const SELECTION: readonly Flag[] = [
  {
    name: 'all-namespaces',
    alias: 'A',
    type: 'boolean',
    group: 'selection',
    help: 'List the objects of all namespaces, whatever --namespace says',
  },
  {
    name: 'selector',
    alias: 'l',
    type: 'string',
    group: 'selection',
    placeholder: 'LABELS',
    help: 'Label selector: app=web, app!=web, env in (dev, test)',
  },
  {
    name: 'field-selector',
    type: 'string',
    group: 'selection',
    placeholder: 'FIELDS',
    help: 'Field selector: spec.nodeName=node-1; the server decides which fields a type supports',
  },
];

const GENERAL: readonly Flag[] = [
  { name: 'help', alias: 'h', type: 'boolean', group: 'general', help: 'Explain the command' },
];

export const FLAGS: readonly Flag[] = [
  ...SELECTION,
  ...GET_FLAGS,
  ...REPEAT_FLAGS,
  ...WRITE_FLAGS,
  ...ANSWER_FLAGS,
  ...RUN_FLAGS,
  ...POD_FLAGS,
  ...LOOKUP_FLAGS,
  ...BACKEND_FLAGS,
  ...EXPORT_FLAGS,
  ...OUTPUT_FLAGS,
  ...SERVE_FLAGS,
  ...CONNECTION_FLAGS,
  ...GENERAL,
];
