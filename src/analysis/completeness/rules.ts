import type { Span } from '../../trace/span.ts';
import type { RequestFacts, Verb } from './facts.ts';
import { countEvents, requireEtcdCall, requireNamed, type Requirement } from './requirement.ts';

/** The handler's span by verb: k8s.io/apiserver pkg/endpoints/handlers/{get,create,update,patch,delete}.go. */
const HANDLER: Readonly<Partial<Record<Verb, string>>> = {
  get: 'Get',
  list: 'List',
  create: 'Create',
  update: 'Update',
  patch: 'Patch',
  delete: 'Delete',
  deletecollection: 'Delete',
};
export const HANDLER_NAMES: ReadonlySet<string> = new Set(Object.values(HANDLER));

/** Paths whose handlers have no span of their own and write without one. */
const BARE_PATHS = /^\/(version|healthz|livez|readyz)(\/|$)/;

/**
 * What a span of the API server or etcd has below it in a whole trace, for the shape of Kubernetes 1.34 and later, where
 * filters nest. A parent ends after its children, so a parent that is in and lacks one of these tells of a missing span.
 * Seen on real servers: see test/fixtures/recorded/.
 */
export function requirements(span: Span, children: readonly Span[], facts: RequestFacts): readonly Requirement[] {
  if (span.resource.service === 'etcd') return etcdRequirements(span);
  if (span.kind === 'server') return [requireNamed(['audit'])];
  switch (span.name) {
    case 'audit':
      return [requireNamed(['constrainedimpersonation', 'impersonation'])];
    case 'impersonation':
    case 'constrainedimpersonation':
      return [requireNamed([facts.prioritized ? 'priorityandfairness' : 'authorization'])];
    case 'priorityandfairness':
      return facts.status === 429 ? [] : [requireNamed(['authorization'])];
    case 'authorization':
      return belowAuthorization(facts);
    case 'authentication':
      return facts.status === 401 ? [requireNamed(['SerializeObject'])] : [];
    default:
      return HANDLER_NAMES.has(span.name) ? belowHandler(span, facts) : belowStorage(span, children, facts);
  }
}

/** A refused request is answered by the filter itself; the handler's span is then not there. */
function belowAuthorization(facts: RequestFacts): readonly Requirement[] {
  if (BARE_PATHS.test(facts.path)) return [];
  const handler = HANDLER[facts.verb];
  if (facts.status >= 400 && handler !== undefined) return [requireNamed([handler, 'SerializeObject'])];
  return [requireNamed([handler ?? 'SerializeObject'])];
}

function belowHandler(span: Span, facts: RequestFacts): readonly Requirement[] {
  const answer = requireNamed(['SerializeObject']);
  switch (span.name) {
    case 'Get':
      return [answer, requireNamed(readsCache(facts) ? ['cacher.Get', 'Get etcd3'] : ['Get etcd3', 'cacher.Get'])];
    case 'List':
      return [answer, requireNamed(['cacher.GetList', 'List(recursive=true) etcd3', 'List(recursive=false) etcd3'])];
    case 'Create':
      return [answer, ...belowCreate(span, facts)];
    case 'Update':
      return facts.status < 300 ? [answer, requireNamed(['GuaranteedUpdate etcd3'])] : [answer];
    case 'Patch':
      return facts.status < 300 ? [answer, requireNamed(['GuaranteedUpdate etcd3'])] : [answer];
    case 'Delete':
      return [answer, ...belowDelete(facts)];
    default:
      return [answer];
  }
}

function belowCreate(span: Span, facts: RequestFacts): readonly Requirement[] {
  const stored = countEvents(span, 'Write to database call succeeded') > 0;
  if (facts.dryRun) return [];
  const create = requireNamed(['Create etcd3']);
  // Since 1.37 a refused name is explained by a look at the object that has it.
  if (facts.status === 409) return [create, requireNamed(['Get etcd3'])];
  return stored || facts.status === 201 ? [create] : [];
}

function belowDelete(facts: RequestFacts): readonly Requirement[] {
  if (facts.verb === 'deletecollection') {
    return [requireNamed(['cacher.GetList', 'List(recursive=true) etcd3', 'List(recursive=false) etcd3'])];
  }
  const read = requireNamed(['Get etcd3', 'cacher.Get']);
  if (facts.status >= 300 || facts.dryRun) return [read];
  const write: Requirement = {
    ...requireEtcdCall(['KV/Txn']),
    matches: (child) => child.name === 'GuaranteedUpdate etcd3' || requireEtcdCall(['KV/Txn']).matches(child),
  };
  return [read, write];
}

/** Storage spans tell by their events how often they went to etcd: k8s.io/apiserver pkg/storage/etcd3/store.go. */
function belowStorage(span: Span, children: readonly Span[], facts: RequestFacts): readonly Requirement[] {
  if (span.kind === 'client' && span.name.startsWith('etcdserverpb.')) return etcdServer(span, children);
  switch (span.name) {
    case 'Get etcd3':
      return [requireEtcdCall(['KV/Range'])];
    case 'Create etcd3':
      return [requireEtcdCall(['KV/Txn'], countEvents(span, 'Txn call succeeded', 'Txn call failed'))];
    case 'GuaranteedUpdate etcd3': {
      const writes = requireEtcdCall(['KV/Txn'], countEvents(span, 'Txn call completed'));
      // An object that was not there was looked for in etcd: the cache cannot know.
      return facts.status === 201 ? [writes, requireEtcdCall(['KV/Range'])] : [writes];
    }
    case 'cacher.GetList':
      // 1.37: a consistent read from the cache asks etcd how new it has to be.
      return countEvents(span, 'getCurrentRV success') > 0 ? [requireEtcdCall(['KV/Range'])] : [];
    case 'List(recursive=true) etcd3':
    case 'List(recursive=false) etcd3':
      return [requireEtcdCall(['KV/Range', 'KV/RangeStream'])];
    default:
      return [];
  }
}

/** etcd's side of a call. Whether etcd exports at all is judged for the trace as a whole. */
function etcdServer(call: Span, _children: readonly Span[]): readonly Requirement[] {
  return [
    {
      name: call.name,
      kind: 'server',
      service: 'etcd',
      atLeast: 1,
      matches: (child) => child.kind === 'server',
    },
  ];
}

/** etcd 3.7's own spans below the call (etcd server/etcdserver/v3_server.go); 3.6 and older have none. */
const ETCD_OPERATION: Readonly<Record<string, readonly string[]>> = {
  'etcdserverpb.KV/Range': ['range'],
  'etcdserverpb.KV/RangeStream': ['range_streaming'],
  'etcdserverpb.KV/Txn': ['txn'],
};

function etcdRequirements(span: Span): readonly Requirement[] {
  const names = span.kind === 'server' ? ETCD_OPERATION[span.name] : undefined;
  if (names === undefined || !isEtcd37(span)) return [];
  return [{ ...requireNamed(names), service: 'etcd' }];
}

/** etcd does not export its version; its gRPC instrumentation does: 0.68 in 3.7, 0.59 in 3.6. */
function isEtcd37(span: Span): boolean {
  const minor = /^0\.(\d+)\./.exec(span.scope?.version ?? '')?.[1];
  return minor !== undefined && Number(minor) >= 68;
}

/** A resource version other than "" may be answered from the watch cache. */
function readsCache(facts: RequestFacts): boolean {
  return facts.resourceVersion !== '';
}
