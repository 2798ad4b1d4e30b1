import { calls, consistentList, guaranteedUpdate, read, span, type ExpectedSpan } from './expected-spans.ts';

interface ExpectedStory {
  readonly status: number;
  readonly handler: readonly ExpectedSpan[];
}

/**
 * The spans of subresources, of custom resources, of paths that are no resources, and of what is refused, in the versions
 * from 1.32 on. Undefined for the stories of whole objects.
 */
export function typeStoryOf(story: string, minor: number): ExpectedStory | undefined {
  const within = (name: string, ...children: ExpectedSpan[]): ExpectedSpan[] => [
    span(name, ...children, span('SerializeObject')),
  ];
  const one = read(minor);
  // Etcd confirms that the object is still what the watch cache has.
  const confirmed = span('GuaranteedUpdate etcd3', calls('Range'));
  const created = span('Create etcd3', calls('Txn'));
  const stories: Readonly<Record<string, readonly [status: number, ...handler: ExpectedSpan[]]>> = {
    token: [201, ...within('Create', one)],
    'token-bound': [201, ...within('Create', one, one)],
    'token-absent': [404, ...within('Create', one)],
    'token-forbidden': [403, span('SerializeObject')],
    'status-get': [200, ...within('Get', one)],
    'status-patch': [200, ...within('Patch', guaranteedUpdate('cached'))],
    'scale-get': [200, ...within('Get', one)],
    'scale-patch': [200, ...within('Patch', guaranteedUpdate('cached'))],
    'debug-patch': [200, ...within('Patch', guaranteedUpdate('cached'))],
    'delete-pod': [200, ...within('Delete', one, guaranteedUpdate('cached'))],
    'delete-pod-forced': [200, ...within('Delete', one, guaranteedUpdate('cached'), calls('Txn'))],
    'delete-pod-unscheduled': [200, ...within('Delete', one, guaranteedUpdate('cached'), calls('Txn'))],
    // The pod and its node; the text of the log is passed on as it comes.
    log: [200, span('Get', one, one)],
    'log-refused': [400, ...within('Get', one)],
    'custom-list': [200, ...within('List', ...consistentList(minor))],
    'custom-get': [200, ...within('Get', one)],
    'custom-create': [201, ...within('Create', created)],
    'custom-patch': [200, ...within('Patch', guaranteedUpdate('cached'))],
    'custom-delete': [200, ...within('Delete', one, calls('Txn'))],
    'custom-status-patch': [200, ...within('Patch', guaranteedUpdate('cached'))],
    'custom-scale-patch': [200, ...within('Patch', guaranteedUpdate('cached'))],
    'can-i': [201, ...within('Create')],
    openapi: [200],
    'openapi-group': [200],
    metrics: [200],
    'metrics-forbidden': [403, span('SerializeObject')],
    issuer: [200],
    'patch-not-found': [404, ...within('Patch', confirmed)],
    'patch-invalid': [422, ...within('Patch', confirmed)],
    'patch-malformed': [400, ...within('Patch', confirmed)],
    'patch-nothing': [200, ...within('Patch', confirmed)],
    'patch-dry-run': [200, ...within('Patch', one)],
    'patch-dry-run-invalid': [422, ...within('Patch', one)],
    'apply-nothing': [200, ...within('Patch', confirmed)],
    'update-conflict': [409, ...within('Update', confirmed)],
    'create-invalid': [422, ...within('Create')],
    'create-nowhere': [404, ...within('Create')],
    'create-dry-run': [201, ...within('Create', one)],
    'create-dry-run-conflict': [409, ...within('Create', one, one)],
    'delete-conflict': [409, ...within('Delete', one)],
    'delete-dry-run': [200, ...within('Delete', one, one)],
  };
  const found = stories[story];
  if (found === undefined) return undefined;
  const [status, ...handler] = found;
  return { status, handler };
}
