import type { Span } from '../../trace/span.ts';
import type { RequestFacts } from './facts.ts';
import { countEvents, requireEtcdCall, requireNamed, type Requirement } from './requirement.ts';

/** `Get etcd3` exists since 1.37, `cacher.Get` (also for what goes on to etcd) from 1.32 to 1.36; before, only the call. */
const GET_ETCD3_MINOR = 37;
const CACHER_GET_MINOR = 32;

/**
 * Lists are served from the watch cache, after a query to etcd for the revision that it must have:
 * ConsistentListFromCache, on since 1.31.
 */
const CONSISTENT_LIST_MINOR = 31;

const ETCD_LISTS = ['List(recursive=true) etcd3', 'List(recursive=false) etcd3'];
const CACHE_LISTS = ['cacher.GetList', 'cacher list'];

/** Required children of a handler, except the response's `SerializeObject`. */
export function belowHandler(span: Span, facts: RequestFacts, minor: number): readonly Requirement[] {
  if (!isStored(facts)) return [];
  switch (span.name) {
    case 'Get':
      return facts.resourceVersion === '' ? [readOne(minor)] : cachedGet(minor);
    case 'List':
      return belowList(facts, minor);
    case 'Create':
      return belowCreate(facts, minor);
    case 'Update':
    case 'Patch':
      return facts.status < 300 ? [requireNamed(['GuaranteedUpdate etcd3'])] : [];
    case 'Delete':
      return facts.verb === 'deletecollection' ? belowList(facts, minor) : belowDelete(facts, minor);
    default:
      return [];
  }
}

/** Reviews are computed, not stored; subresources may be anything. */
function isStored(facts: RequestFacts): boolean {
  return (
    facts.subresource === null && facts.group !== 'authentication.k8s.io' && facts.group !== 'authorization.k8s.io'
  );
}

/** One object, read as fresh as etcd has it. */
function readOne(minor: number): Requirement {
  if (minor >= GET_ETCD3_MINOR) return requireNamed(['Get etcd3']);
  return minor >= CACHER_GET_MINOR ? requireNamed(['cacher.Get']) : requireEtcdCall(['KV/Range']);
}

const cachedGet = (minor: number): readonly Requirement[] =>
  minor >= CACHER_GET_MINOR ? [requireNamed(['cacher.Get', 'Get etcd3'])] : [];

function belowList(facts: RequestFacts, minor: number): readonly Requirement[] {
  const consistent = facts.resourceVersion === '' || facts.verb === 'deletecollection';
  if (!consistent) return [requireNamed([...CACHE_LISTS, ...ETCD_LISTS])];
  // 1.34 to 1.36 query etcd within the cache's span, 1.31 to 1.33 beside it.
  if (minor >= 34) return [requireNamed(['cacher.GetList', ...ETCD_LISTS])];
  if (minor >= CONSISTENT_LIST_MINOR) return [requireNamed(ETCD_LISTS), requireNamed(CACHE_LISTS)];
  return [requireNamed(ETCD_LISTS)];
}

function belowCreate(facts: RequestFacts, minor: number): readonly Requirement[] {
  if (facts.dryRun) return [];
  const create = requireNamed(['Create etcd3']);
  // A name that is taken is looked at again, to say whether the object is being deleted.
  if (facts.status === 409) return [create, readOne(minor)];
  return facts.status < 300 ? [create] : [];
}

function belowDelete(facts: RequestFacts, minor: number): readonly Requirement[] {
  if (facts.status >= 300 || facts.dryRun) return [readOne(minor)];
  const txn = requireEtcdCall(['KV/Txn']);
  const write: Requirement = {
    ...txn,
    // Finalizers and grace periods make the deletion an update.
    matches: (child) => child.name === 'GuaranteedUpdate etcd3' || txn.matches(child),
  };
  return [readOne(minor), write];
}

/** Storage spans tell by their events how often they went to etcd: k8s.io/apiserver pkg/storage/{cacher,etcd3}. */
export function belowStorage(span: Span, facts: RequestFacts): readonly Requirement[] {
  switch (span.name) {
    case 'Get etcd3':
      return [requireEtcdCall(['KV/Range'])];
    case 'cacher.Get':
      return countEvents(span, 'About to Get from underlying storage') > 0 ? [requireEtcdCall(['KV/Range'])] : [];
    case 'Create etcd3':
      return [requireEtcdCall(['KV/Txn'], countEvents(span, 'Txn call succeeded', 'Txn call failed'))];
    case 'GuaranteedUpdate etcd3': {
      const writes = requireEtcdCall(['KV/Txn'], countEvents(span, 'Txn call completed'));
      // A missing object was looked for in etcd: the cache cannot know.
      return facts.status === 201 ? [writes, requireEtcdCall(['KV/Range'])] : [writes];
    }
    case 'cacher.GetList':
      return belowCacheList(span, facts);
    case 'Call mutating webhook':
    case 'Call validating webhook':
    case 'Call conversion webhook':
      return [{ ...requireNamed(['HTTP POST']), kind: 'client' }];
    default:
      return ETCD_LISTS.includes(span.name) ? [requireEtcdCall(['KV/Range', 'KV/RangeStream'])] : [];
  }
}

function belowCacheList(span: Span, facts: RequestFacts): readonly Requirement[] {
  if (countEvents(span, 'getCurrentRV success') > 0) return [requireEtcdCall(['KV/Range'])];
  const minor = facts.serverMinor ?? 0;
  const asks = minor >= 34 && minor < 37 && (facts.resourceVersion === '' || facts.verb === 'deletecollection');
  return asks ? [requireNamed(ETCD_LISTS)] : [];
}
