import type { Span } from '../../trace/span.ts';
import { belowEtcdCall, belowEtcdServer } from './etcd-rules.ts';
import { HANDLER, HANDLER_NAMES, isBare, isLog, isPodConnection } from './known-shapes.ts';
import type { RequestExpectation } from './request-expectation.ts';
import { requireNamed, type Requirement } from './requirement.ts';
import { belowHandler, belowStorage } from './storage-rules.ts';

/** Filters nest since this version: kubernetes/kubernetes#128767. */
const NESTED_FILTERS_MINOR = 34;
/** Since this version authentication comes before tracing, and only nested filters have spans: kubernetes/kubernetes#127053. */
const TRACING_AFTER_AUTHENTICATION_MINOR = 33;

/** Since this version the response is written below the handler's span; before, beside it. */
const ANSWER_BELOW_HANDLER_MINOR = 32;

/** Since this version setting up a watch has a span: `cacher.Watch` (k8s.io/apiserver pkg/storage/cacher/cacher.go). */
const WATCH_SPAN_MINOR = 36;

/**
 * Required children of a span of the API server or of etcd in a complete trace. A parent ends after its children, so a
 * parent that has arrived without one of them proves that a span is missing. The shapes, by version, as real servers
 * report them (test/fixtures/recorded/):
 *
 *     ≤ 1.31   root > authentication > handler, SerializeObject      authentication has ended long before
 *     1.32     root > authentication > handler > SerializeObject
 *     1.33     root > handler > SerializeObject                      the root ends before its handler starts
 *     ≥ 1.34   root > audit > impersonation > priorityandfairness > authorization > handler > SerializeObject
 */
export function requirements(span: Span, expectation: RequestExpectation): readonly Requirement[] {
  if (span.resource.service === 'etcd') return belowEtcdServer(span);
  const minor = expectation.serverMinor ?? Number.POSITIVE_INFINITY;
  if (span.kind === 'server') return belowRoot(expectation, minor);
  switch (span.name) {
    case 'audit':
      return [requireNamed(['constrainedimpersonation', 'impersonation'])];
    case 'impersonation':
    case 'constrainedimpersonation':
      // The filter lets streams pass without naming a level in the response, and has its span.
      return [
        requireNamed(expectation.prioritized ? ['priorityandfairness'] : ['authorization', 'priorityandfairness']),
      ];
    case 'priorityandfairness':
      return expectation.status === 429 ? [] : [requireNamed(['authorization'])];
    case 'authorization':
      return handled(expectation, minor);
    case 'authentication':
      if (expectation.status === 401) return [ANSWER];
      return minor < TRACING_AFTER_AUTHENTICATION_MINOR ? belowAuthentication(expectation, minor) : [];
    default:
  }
  if (span.kind === 'client') return belowEtcdCall(span);
  return HANDLER_NAMES.has(span.name)
    ? [...(hasResponseBelow(expectation, minor) ? [ANSWER] : []), ...belowHandler(span, expectation, minor)]
    : belowStorage(span, expectation);
}

const ANSWER = requireNamed(['SerializeObject']);

/** A log is copied from the kubelet as it comes (pkg/endpoints/handlers/responsewriters/writers.go, StreamObject). */
const hasResponseBelow = (expectation: RequestExpectation, minor: number): boolean =>
  minor >= ANSWER_BELOW_HANDLER_MINOR && !isLog(expectation);

function belowRoot(expectation: RequestExpectation, minor: number): readonly Requirement[] {
  if (minor >= NESTED_FILTERS_MINOR) return [requireNamed(['audit'])];
  return minor >= TRACING_AFTER_AUTHENTICATION_MINOR ? handled(expectation, minor) : [requireNamed(['authentication'])];
}

/** The filter responds to a refused request, which then has no handler span. */
function handled(expectation: RequestExpectation, minor: number): readonly Requirement[] {
  if (isBare(expectation)) return [];
  if (expectation.verb === 'watch' && expectation.status < 400) return watched(expectation, minor);
  if (expectation.verb === 'connect') return connected(expectation);
  const handler = HANDLER[expectation.verb];
  if (handler === undefined) return [ANSWER];
  return [requireNamed(expectation.status >= 400 ? [handler, 'SerializeObject'] : [handler])];
}

/**
 * exec, attach, portforward and proxy have neither a handler's span nor one of the response, which comes from elsewhere
 * (k8s.io/apiserver pkg/endpoints/handlers/rest.go, ConnectResource). A refusal of the API server has one.
 */
function connected(expectation: RequestExpectation): readonly Requirement[] {
  const { status, subresource } = expectation;
  // The response of a kubelet that does not open a stream is passed on (500).
  if (status >= 400) return subresource === 'proxy' || status >= 500 ? [] : [ANSWER];
  return isPodConnection(expectation) ? [requireNamed(['Get etcd3'], 2)] : [];
}

/**
 * A watch has no handler's span, and its events are written without one: `WatchServer.HandleHTTP` ends only for one that
 * begins with a list (pkg/endpoints/handlers/{get,watch}.go). Events are not cached
 * (pkg/kubeapiserver/default_storage_factory_builder.go, DefaultWatchCacheSizes).
 */
function watched({ resource }: RequestExpectation, minor: number): readonly Requirement[] {
  return minor < WATCH_SPAN_MINOR || resource === 'events' ? [] : [requireNamed(['cacher.Watch', 'WatchList'])];
}

/** Up to 1.32, where handlers hang below the filter that has long ended. */
function belowAuthentication(expectation: RequestExpectation, minor: number): readonly Requirement[] {
  if (minor >= ANSWER_BELOW_HANDLER_MINOR) return handled(expectation, minor);
  if (isBare(expectation)) return [];
  if (expectation.verb === 'watch' && expectation.status < 400) return [];
  if (expectation.verb === 'connect') return connected(expectation);
  const handler = HANDLER[expectation.verb];
  if (handler === undefined || expectation.status === 403) return [ANSWER];
  return isLog(expectation) ? [requireNamed([handler])] : [requireNamed([handler]), ANSWER];
}
