import type { Flag } from '../flag.ts';

/** Which objects of a type. */
export const SELECTION_FLAGS: readonly Flag[] = [
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

/** Which part of an object. */
export const SUBRESOURCE_FLAGS: readonly Flag[] = [
  {
    name: 'subresource',
    type: 'string',
    group: 'subresource',
    placeholder: 'NAME',
    help: 'This part of the object: status, scale',
  },
];

/** Whether a missing object is an error. */
export const ABSENCE_FLAGS: readonly Flag[] = [
  {
    name: 'ignore-not-found',
    type: 'boolean',
    group: 'absence',
    help: 'An object that is not there is no error',
  },
];
