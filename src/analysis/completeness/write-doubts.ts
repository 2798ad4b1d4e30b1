import { between, type EpochNanos } from '../../trace/time.ts';
import { isToken } from './known-shapes.ts';
import type { RequestExpectation } from './request-expectation.ts';
import type { ServerSpans } from './server-spans.ts';
import { isTried } from './storage-rules.ts';

/** Refusals of a creation that come before anything is stored, and the one that comes from storage (409). */
const COUNTED_REFUSALS = new Set([400, 403, 404, 409, 413, 415, 422]);

/** No call of etcd is as short: it goes to another process, and a write to a disk. In nanoseconds. */
const SHORTEST_CALL_NANOS = 100_000;

/** The API server's own work between two calls is done by then, unless it is overloaded. In nanoseconds. */
const LONGEST_PAUSE_NANOS = 1_000_000;

/** Why the calls of a write that reached its handler cannot be counted; undefined where they can. */
export function uncountedWrite(server: ServerSpans, expectation: RequestExpectation): string | undefined {
  const { verb, status } = expectation;
  if (status < 300) return verb === 'delete' && !expectation.dryRun ? uncountedDeletion(server) : undefined;
  return isCounted(server, expectation)
    ? undefined
    : `how far a write came that ended with status ${status} cannot be counted`;
}

function isCounted({ spans }: ServerSpans, expectation: RequestExpectation): boolean {
  const { verb, status } = expectation;
  if (verb === 'create') return isToken(expectation) || COUNTED_REFUSALS.has(status);
  if (verb === 'delete') return status === 404;
  // It has reached storage where its span is in, and what is below that says how far it came.
  return isTried(expectation) || spans.some(({ name }) => name === 'GuaranteedUpdate etcd3');
}

/**
 * The deletion itself has no span but its calls of etcd, and there are two of them where the watch cache was behind
 * (k8s.io/apiserver pkg/storage/etcd3/store.go, conditionalDelete). An object that was updated first may be deleted at
 * once, or not (pkg/registry/generic/registry/store.go, updateForGracefulDeletionAndFinalizers). Only the time shows that
 * there was no other call:
 *
 *     Delete                   |-----------------------------------------|
 *     GuaranteedUpdate etcd3       |---------------|
 *     KV/Txn                                        |----------|
 *     Object deleted from database                               ^
 */
function uncountedDeletion({ spans, childrenOf }: ServerSpans): string | undefined {
  for (const span of spans.filter(({ name }) => name === 'Delete')) {
    const children = childrenOf(span).toSorted((a, b) => between(b.start, a.start));
    const deleted = span.events.find(({ name }) => name === 'Object deleted from database');
    if (deleted === undefined) return 'when the object was deleted is not known';
    const calls = children.filter(({ start }) => between(start, deleted.time) > 0);
    const last = calls.at(-1);
    const limit = last?.name === 'GuaranteedUpdate etcd3' ? SHORTEST_CALL_NANOS : LONGEST_PAUSE_NANOS;
    if (last === undefined || between(last.end, deleted.time) > limit)
      return 'whether the object was deleted after its update cannot be counted';
    let latestEnd: EpochNanos | undefined;
    for (const { start, end } of calls) {
      if (latestEnd !== undefined && between(latestEnd, start) > LONGEST_PAUSE_NANOS)
        return 'a call of etcd may be missing where nothing explains the time';
      if (latestEnd === undefined || end > latestEnd) latestEnd = end;
    }
  }
  return undefined;
}
