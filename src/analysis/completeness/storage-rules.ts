import type { Span } from '../../trace/span.ts';
import { isLog, isPartOfObject, isPod, isToken } from './known-shapes.ts';
import type { RequestExpectation } from './request-expectation.ts';
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
export function belowHandler(span: Span, expectation: RequestExpectation, minor: number): readonly Requirement[] {
  // The pod, and the node whose kubelet has the log (pkg/registry/core/pod/strategy.go, LogLocation).
  if (isLog(expectation)) return span.name === 'Get' && minor >= CACHER_GET_MINOR ? [readObjects(2, minor)] : [];
  if (isToken(expectation)) return span.name === 'Create' ? [readOne(minor)] : [];
  if (!isStored(expectation)) return [];
  switch (span.name) {
    case 'Get':
      return expectation.resourceVersion === '' ? [readOne(minor)] : cachedGet(minor);
    case 'List':
      return belowList(expectation, minor);
    case 'Create':
      return belowCreate(expectation, minor);
    case 'Update':
    case 'Patch':
      return isTried(expectation) ? [belowUpdate(expectation, minor)] : [];
    case 'Delete':
      return expectation.verb === 'deletecollection' ? belowList(expectation, minor) : belowDelete(expectation, minor);
    default:
      return [];
  }
}

/** Reviews are computed, not stored; other subresources may be anything. */
function isStored(expectation: RequestExpectation): boolean {
  return (
    (expectation.subresource === null || isPartOfObject(expectation)) &&
    expectation.group !== 'authentication.k8s.io' &&
    expectation.group !== 'authorization.k8s.io'
  );
}

/** One object, read as fresh as etcd has it. */
const readOne = (minor: number): Requirement => readObjects(1, minor);

function readObjects(count: number, minor: number): Requirement {
  if (minor >= GET_ETCD3_MINOR) return requireNamed(['Get etcd3'], count);
  return minor >= CACHER_GET_MINOR ? requireNamed(['cacher.Get'], count) : requireEtcdCall(['KV/Range'], count);
}

const cachedGet = (minor: number): readonly Requirement[] =>
  minor >= CACHER_GET_MINOR ? [requireNamed(['cacher.Get', 'Get etcd3'])] : [];

function belowList(expectation: RequestExpectation, minor: number): readonly Requirement[] {
  const consistent = expectation.resourceVersion === '' || expectation.verb === 'deletecollection';
  if (!consistent) return [requireNamed([...CACHE_LISTS, ...ETCD_LISTS])];
  // 1.34 to 1.36 query etcd within the cache's span, 1.31 to 1.33 beside it.
  if (minor >= 34) return [requireNamed(['cacher.GetList', ...ETCD_LISTS])];
  if (minor >= CONSISTENT_LIST_MINOR) return [requireNamed(ETCD_LISTS), requireNamed(CACHE_LISTS)];
  return [requireNamed(ETCD_LISTS)];
}

function belowCreate(expectation: RequestExpectation, minor: number): readonly Requirement[] {
  // A dry run reads whether the name is taken (pkg/registry/generic/registry/dryrun.go).
  const create = expectation.dryRun ? [] : [requireNamed(['Create etcd3'])];
  const reads = expectation.dryRun ? 1 : 0;
  // A name that is taken is looked at again, to say whether the object is being deleted.
  if (expectation.status === 409) return [...create, readObjects(reads + 1, minor)];
  return expectation.status < 300 ? [...create, readObjects(reads, minor)] : [];
}

/** Responses to an update that storage has tried; others come from storage, or from before it. */
const TRIED = new Set([403, 404, 409, 422]);

/** An update is made, admitted and validated within its span in storage. */
export const isTried = ({ status }: RequestExpectation): boolean => status < 300 || TRIED.has(status);

/** A dry run reads the object, and changes it in memory alone (pkg/registry/generic/registry/dryrun.go). */
const belowUpdate = ({ dryRun }: RequestExpectation, minor: number): Requirement =>
  dryRun ? readOne(minor) : requireNamed(['GuaranteedUpdate etcd3']);

function belowDelete(expectation: RequestExpectation, minor: number): readonly Requirement[] {
  if (expectation.status >= 300) return [readOne(minor)];
  // It is read again where it would be deleted, or changed (pkg/registry/generic/registry/dryrun.go).
  if (expectation.dryRun) return [readObjects(2, minor)];
  // Only pods are deleted gracefully: the update says until when (pkg/registry/core/pod/strategy.go).
  if (isPod(expectation)) return [readOne(minor), requireNamed(['GuaranteedUpdate etcd3'])];
  const txn = requireEtcdCall(['KV/Txn']);
  const write: Requirement = {
    ...txn,
    // Finalizers make the deletion an update.
    matches: (child) => child.name === 'GuaranteedUpdate etcd3' || txn.matches(child),
  };
  return [readOne(minor), write];
}

/** The events of storage spans show how often they went to etcd: k8s.io/apiserver pkg/storage/{cacher,etcd3}. */
export function belowStorage(span: Span, expectation: RequestExpectation): readonly Requirement[] {
  switch (span.name) {
    case 'Get etcd3':
      return [requireEtcdCall(['KV/Range'])];
    case 'cacher.Get':
      return countEvents(span, 'About to Get from underlying storage') > 0 ? [requireEtcdCall(['KV/Range'])] : [];
    case 'Create etcd3':
      return [requireEtcdCall(['KV/Txn'], countEvents(span, 'Txn call succeeded', 'Txn call failed'))];
    case 'GuaranteedUpdate etcd3': {
      const count = countEvents(span, 'Txn call completed', 'Txn call failed');
      const writes = requireEtcdCall(['KV/Txn'], count);
      // A missing object was looked for in etcd: the cache cannot know. Without a write, etcd has confirmed that the object
      // is what the cache had, or was the first to be read.
      return expectation.status === 201 || count === 0 ? [writes, requireEtcdCall(['KV/Range'])] : [writes];
    }
    case 'WatchList':
      return expectation.serverMinor === 37
        ? [requireNamed(['cacher.Watch']), requireNamed(['WatchServer.HandleHTTP'])]
        : [];
    case 'cacher.Watch':
      // Its list is as fresh as etcd (pkg/storage/cacher/cacher.go, getWatchCacheResourceVersion).
      return expectation.initialEvents === true && expectation.resourceVersion === ''
        ? [requireEtcdCall(['KV/Range'])]
        : [];
    case 'cacher.GetList':
      return belowCacheList(span, expectation);
    case 'Call mutating webhook':
    case 'Call validating webhook':
    case 'Call conversion webhook':
      return [{ ...requireNamed(['HTTP POST']), kind: 'client' }];
    default:
      return ETCD_LISTS.includes(span.name) ? [requireEtcdCall(['KV/Range', 'KV/RangeStream'])] : [];
  }
}

function belowCacheList(span: Span, expectation: RequestExpectation): readonly Requirement[] {
  if (countEvents(span, 'getCurrentRV success') > 0) return [requireEtcdCall(['KV/Range'])];
  const minor = expectation.serverMinor ?? 0;
  const asks =
    minor >= 34 && minor < 37 && (expectation.resourceVersion === '' || expectation.verb === 'deletecollection');
  return asks ? [requireNamed(ETCD_LISTS)] : [];
}
