import type { SpanID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import { between } from '../../trace/time.ts';
import { textAttribute } from '../attributes.ts';
import { etcdMinor } from './etcd-rules.ts';
import { NEWEST_KNOWN_MINOR, type RequestExpectation } from './request-expectation.ts';
import { countEvents } from './requirement.ts';
import { HANDLER_NAMES, isPodConnection } from './rules.ts';
import type { ServerSpans } from './server-spans.ts';
import { isScale } from './storage-rules.ts';

/** Why a trace is not called complete although nothing that was expected is missing. */
export interface Doubt {
  readonly code:
    | 'unknown-version'
    | 'unknown-shape'
    | 'uncounted-calls'
    | 'unexplained-time'
    | 'etcd-without-spans'
    | 'missing-spans';
  /** A sentence for people. */
  readonly message: string;
  readonly spanIDs: readonly SpanID[];
}

/** A hole in a writing handler that is longer than this may be a webhook whose span is not in. In nanoseconds. */
const UNEXPLAINED_NANOS = 1_000_000;

/** The spans of logs, and of watches that begin with a list, are known of this version. */
const KNOWN_STREAMS_MINOR = 37;

/** The API groups that kube-apiserver serves itself; types of others may be converted by a webhook, or come from elsewhere. */
const BUILT_IN_GROUPS = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

/** Reasons why a trace without known gaps is not proven complete. */
export function doubtsOf(server: ServerSpans, expectation: RequestExpectation): Doubt[] {
  const doubts = [unknownVersion(expectation), unknownShape(server, expectation), etcdVersion(server)];
  if (isWrite(expectation) || expectation.verb === 'connect') doubts.push(uncountedWebhooks(server, expectation));
  return doubts.filter((doubt) => doubt !== undefined);
}

const doubt = (code: Doubt['code'], message: string, spans: readonly Span[] = []): Doubt => ({
  code,
  message,
  spanIDs: spans.map(({ spanID }) => spanID),
});

function unknownVersion({ serverMinor, status }: RequestExpectation): Doubt | undefined {
  // Refused before anything that differs between versions.
  if (status === 401) return undefined;
  if (serverMinor === null) {
    return doubt('unknown-version', 'the server version is unknown, so the spans of a complete trace are unknown too');
  }
  return serverMinor > NEWEST_KNOWN_MINOR
    ? doubt(
        'unknown-version',
        `the spans of a complete trace of Kubernetes 1.${serverMinor} are unknown to this version of kubectl trace`,
      )
    : undefined;
}

function unknownShape({ root, spans }: ServerSpans, expectation: RequestExpectation): Doubt | undefined {
  const { group, verb, subresource } = expectation;
  if (expectation.status === 401) return undefined;
  if (group !== null && !BUILT_IN_GROUPS.has(group)) {
    return doubt(
      'unknown-shape',
      `types of ${group} may be converted by a webhook, or served elsewhere: calls cannot be counted`,
      [root],
    );
  }
  const isKnown =
    (subresource === 'log' && expectation.serverMinor === KNOWN_STREAMS_MINOR) ||
    isPodConnection(expectation, expectation.serverMinor) ||
    isScale(expectation);
  if (subresource !== null && !isKnown)
    return doubt('unknown-shape', `what the subresource ${subresource} calls cannot be counted`, [root]);
  if (expectation.serverMinor !== KNOWN_STREAMS_MINOR && spans.some(({ name }) => name === 'WatchList'))
    return doubt('unknown-shape', 'what a watch that begins with a list calls cannot be counted', [root]);
  if (verb === 'deletecollection')
    return doubt('uncounted-calls', 'a collection is deleted object by object: calls cannot be counted', [root]);
  const isKnownPath = /^\/(api|apis)(\/|$)|^\/(version|healthz|livez|readyz)(\/|$)/.test(expectation.path);
  return verb === 'other' && !isKnownPath
    ? doubt('unknown-shape', 'the calls behind this path are not known', [root])
    : undefined;
}

function etcdVersion({ spans }: ServerSpans): Doubt | undefined {
  const unknown = spans.filter(
    (span) => span.resource.service === 'etcd' && span.kind === 'server' && etcdMinor(span) === null,
  );
  return unknown.length === 0
    ? undefined
    : doubt(
        'unknown-version',
        'the etcd version is unknown, so the spans of a complete trace are unknown too',
        unknown,
      );
}

const isWrite = ({ verb }: RequestExpectation): boolean =>
  verb === 'create' || verb === 'update' || verb === 'patch' || verb === 'delete' || verb === 'deletecollection';

/** A webhook is known to be called only by its span: one that matches by its rules and has none may still be on its way. */
function uncountedWebhooks(server: ServerSpans, expectation: RequestExpectation): Doubt | undefined {
  if (expectation.webhooks?.length === 0 || isRefusedBefore(server, expectation)) return undefined;
  if (expectation.webhooks !== null) {
    const called = new Set(server.spans.map((span) => textAttribute(span.attributes, 'webhook')));
    const unseen = expectation.webhooks.filter((name) => !called.has(name));
    if (unseen.length > 0) {
      return doubt(
        'uncounted-calls',
        `${unseen.join(', ')} may have been called: the rules match this request, and selectors or conditions that keep a webhook out leave no span`,
      );
    }
    if (server.spans.some((span) => countEvents(span, 'Retry value restored') > 0)) {
      return doubt(
        'uncounted-calls',
        `how often ${expectation.webhooks.join(', ')} were called cannot be counted: the object was changed meanwhile, and admitted again`,
      );
    }
    if (expectation.webhooksMayRepeat !== true) return undefined;
  }
  // Nothing within a connection shows when it was admitted.
  if (expectation.verb === 'connect') return doubt('uncounted-calls', 'the webhooks of this connection are not known');
  const holes = server.spans.filter((span) => mayCallWebhooks(span) && longestHole(span, server) > UNEXPLAINED_NANOS);
  if (holes.length === 0) return undefined;
  const names = holes.map(({ name }) => name).join(' and ');
  return doubt(
    'unexplained-time',
    `${names} took time that no span explains: built-in admission has none, but a webhook's may be missing`,
    holes,
  );
}

/**
 * Refused by a filter, which responds in the handler's place: nothing was admitted. Before 1.33 the response does not
 * show it.
 */
function isRefusedBefore({ spans }: ServerSpans, { status, serverMinor }: RequestExpectation): boolean {
  return status >= 400 && (serverMinor ?? 0) >= 33 && !spans.some(({ name }) => HANDLER_NAMES.has(name));
}

const mayCallWebhooks = ({ resource, name }: Span): boolean =>
  resource.service === 'apiserver' && (HANDLER_NAMES.has(name) || name === 'GuaranteedUpdate etcd3');

/** The longest stretch inside a span that none of its children covers, in nanoseconds. */
function longestHole(span: Span, server: ServerSpans): number {
  const children = coverOf(span, server).toSorted((a, b) => between(b.start, a.start));
  let cursor = span.start;
  let longest = 0;
  for (const child of children) {
    longest = Math.max(longest, between(cursor, child.start));
    if (child.end > cursor) cursor = child.end;
  }
  return Math.max(longest, between(cursor, span.end));
}

/** A change calls webhooks while it lasts, and their spans are beside its own (see kubernetes/normalise.ts). */
function coverOf(span: Span, { spans, childrenOf }: ServerSpans): readonly Span[] {
  const children = childrenOf(span);
  if (span.name !== 'GuaranteedUpdate etcd3') return children;
  const isCall = ({ name, parentSpanID }: Span): boolean =>
    parentSpanID === span.parentSpanID && /^Call (mutating|validating) webhook$/.test(name);
  return [...children, ...spans.filter(isCall)];
}
