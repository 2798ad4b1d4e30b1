import type { Flag } from '../flag.ts';

/** Which objects of a type. */
export const SELECTION_FLAGS: readonly Flag[] = [
  {
    name: 'all-namespaces',
    alias: 'A',
    type: 'boolean',
    group: 'selection',
    help: 'List the requested objects across all namespaces, ignoring --namespace',
  },
  {
    name: 'selector',
    alias: 'l',
    type: 'string',
    group: 'selection',
    placeholder: 'LABELS',
    help: 'Selector (label query) to filter on, such as app=web, app!=web or env in (dev, test)',
  },
  {
    name: 'field-selector',
    type: 'string',
    group: 'selection',
    placeholder: 'FIELDS',
    help: 'Selector (field query) to filter on, such as spec.nodeName=node-1; the server supports a limited number of fields per type',
  },
];

/** Which part of an object. */
export const SUBRESOURCE_FLAGS: readonly Flag[] = [
  {
    name: 'subresource',
    type: 'string',
    group: 'subresource',
    placeholder: 'NAME',
    help: 'Subresource of the requested object, such as status or scale',
  },
];

/** Whether a missing object is an error. */
export const ABSENCE_FLAGS: readonly Flag[] = [
  {
    name: 'ignore-not-found',
    type: 'boolean',
    group: 'absence',
    help: 'Do not treat a missing object as an error',
  },
];
