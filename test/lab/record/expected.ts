import { minorOf } from '../cluster/versions.ts';
import {
  calls,
  consistentList,
  guaranteedUpdate,
  listFromCache,
  read,
  span,
  type ExpectedSpan,
} from './expected-spans.ts';
import { typeStoryOf } from './expected-types.ts';
import type { Recording, Truth } from './fixture.ts';
import { webhooks } from './webhooks.ts';

/** Expected trace of a request by Kubernetes' source, from only the request and the version. */
export interface Expectation {
  readonly status: number;
  /** Whether the server's spans are in the trace whose ID was sent. */
  readonly contextKept: boolean;
  readonly foundBy: NonNullable<Recording['found']>['by'];
  readonly tree: ExpectedSpan;
  /** In the order of their calls. */
  readonly webhooks: readonly { readonly name: string; readonly type: string; readonly leastNanos: number }[];
}

export function expectationOf(truth: Truth): Expectation {
  const minor = minorOf(truth.version);
  const { status, handler } = typeStoryOf(truth.story, minor) ?? storyOf(truth.story, minor);
  // k8s.io/apiserver pkg/endpoints/filters/traces.go: notSystemPrivilegedGroup, since 1.33. A caller that cannot be
  // authenticated does not get that far.
  const trusted = truth.groups.some((group) => group === 'system:masters' || group === 'system:monitoring');
  const contextKept = minor >= 33 && trusted;
  return {
    status,
    contextKept,
    // The root span has the audit ID since 1.34; before, those have it that /version makes none of: the handler's and
    // SerializeObject.
    foundBy: contextKept ? 'trace-id' : handler.length === 0 && minor < 34 ? 'user-agent' : 'audit-id',
    tree: requestTree(truth, minor, handler),
    webhooks:
      truth.story === 'create'
        ? webhooks.map(({ name, type, sleepMillis }) => ({ name, type, leastNanos: sleepMillis * 1e6 }))
        : [],
  };
}

/** The status of a story's response, and the spans of its handler. */
function storyOf(story: string, minor: number): { status: number; handler: readonly ExpectedSpan[] } {
  const serialize = span('SerializeObject');
  // The response is written in the handler's context since 1.32, and in the request's before.
  const within = (name: string, ...children: ExpectedSpan[]): ExpectedSpan[] =>
    minor >= 32 ? [span(name, ...children, serialize)] : [span(name, ...children), serialize];
  const createInEtcd = span('Create etcd3', calls('Txn'));
  // The registry reads what it is about to delete; there is no span for the deletion itself.
  const deleted = [read(minor), calls('Txn')];
  switch (story) {
    case 'list':
      return { status: 200, handler: within('List', ...consistentList(minor)) };
    case 'get':
      return { status: 200, handler: within('Get', read(minor)) };
    case 'list-from-cache':
      return { status: 200, handler: within('List', listFromCache(minor)) };
    case 'not-found':
      return { status: 404, handler: within('Get', read(minor)) };
    case 'create': {
      const hooks = webhooks.map(({ type }) =>
        span(`Call ${type} webhook`, { ...span('HTTP POST'), kind: 'client' as const }),
      );
      return { status: 201, handler: within('Create', ...hooks, createInEtcd) };
    }
    case 'create-plain':
      return { status: 201, handler: within('Create', createInEtcd) };
    case 'conflict':
      // The registry looks at the object that is in the way: one about to be deleted is another error.
      return { status: 409, handler: within('Create', createInEtcd, read(minor)) };
    case 'patch':
    case 'apply-update':
      return { status: 200, handler: within('Patch', guaranteedUpdate('cached')) };
    case 'apply-create':
      return { status: 201, handler: within('Patch', guaranteedUpdate('absent')) };
    case 'update':
      return { status: 200, handler: within('Update', guaranteedUpdate('cached')) };
    case 'delete':
      return { status: 200, handler: within('Delete', ...deleted) };
    case 'delete-not-found':
      return { status: 404, handler: within('Delete', read(minor)) };
    case 'deletecollection':
      return { status: 200, handler: within('Delete', ...consistentList(minor), ...deleted, ...deleted) };
    case 'discovery':
      return { status: 200, handler: [serialize] };
    case 'version':
      return { status: 200, handler: [] };
    case 'forbidden':
      return { status: 403, handler: [serialize] };
    case 'unauthorized':
      return { status: 401, handler: [serialize] };
    default:
      throw new Error(`nothing is known about the story ${story}`);
  }
}

/** The handler's spans below those of the filters (k8s.io/apiserver pkg/server/config.go, pkg/endpoints/filterlatency). */
function requestTree(truth: Truth, minor: number, handler: readonly ExpectedSpan[]): ExpectedSpan {
  const root = (...children: ExpectedSpan[]): ExpectedSpan => ({
    ...span(rootName(minor, truth.method, truth.path), ...children),
    kind: 'server',
  });
  // Since 1.33 tracing begins after authentication, whose span is then a separate trace.
  if (minor < 33) return root(span('authentication', ...handler));
  if (truth.story === 'unauthorized') return span('authentication', ...handler);
  // The filters' spans of 1.33 are never begun.
  if (minor === 33) return root(...handler);
  const impersonation = minor >= 36 ? 'constrainedimpersonation' : 'impersonation';
  return root(span('audit', span(impersonation, span('priorityandfairness', span('authorization', ...handler)))));
}

/** The name of the HTTP span, by the rules of RequestInfo (pkg/endpoints/request/requestinfo.go). */
export function rootName(minor: number, method: string, path: string): string {
  if (minor < 31) return 'KubernetesAPI';
  const [prefix, ...parts] = path.replace(/\?.*$/, '').split('/').slice(1);
  const isResource = prefix === 'api' ? parts.length >= 2 : prefix === 'apis' && parts.length >= 3;
  if (!isResource) return method;
  const groupVersion = parts.splice(0, prefix === 'api' ? 1 : 2);
  const name = [prefix, ...groupVersion];
  if (parts[0] === 'namespaces' && parts.length >= 2) {
    name.push('namespaces/{:namespace}');
    // A namespace is in itself: {namespace: default, resource: namespaces, name: default}.
    if (parts.length >= 3) parts.splice(0, 2);
  }
  const [resource, object, subresource] = parts;
  name.push(
    resource,
    ...(object === undefined ? [] : ['{:name}']),
    ...(subresource === undefined ? [] : [subresource]),
  );
  return `${method} /${name.join('/')}`;
}
