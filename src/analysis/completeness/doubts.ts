import type { SpanID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import { between } from '../../trace/time.ts';
import { textAttribute } from '../attributes.ts';
import { etcdMinor } from './etcd-rules.ts';
import { NEWEST_KNOWN_MINOR, type RequestExpectation } from './request-expectation.ts';
import { countEvents } from './requirement.ts';
import { HANDLER, HANDLER_NAMES, isRefusedBefore, unknownShapeOf } from './known-shapes.ts';
import type { ServerSpans } from './server-spans.ts';
import { uncountedWrite } from './write-doubts.ts';

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

/** The spans of watches that begin with a list are known of this version. */
const KNOWN_WATCH_LIST_MINOR = 37;

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

function unknownShape(server: ServerSpans, expectation: RequestExpectation): Doubt | undefined {
  const { status, verb, serverMinor } = expectation;
  const { root, spans } = server;
  // No handler was reached whose calls would have to be known.
  if (status === 401 || (HANDLER[verb] !== undefined && isRefusedBefore(server, expectation))) return undefined;
  const unknown = unknownShapeOf(expectation);
  if (unknown !== undefined) return doubt('unknown-shape', unknown, [root]);
  if (serverMinor !== KNOWN_WATCH_LIST_MINOR && spans.some(({ name }) => name === 'WatchList'))
    return doubt('unknown-shape', 'what a watch that begins with a list calls cannot be counted', [root]);
  if (verb === 'deletecollection')
    return doubt('uncounted-calls', 'a collection is deleted object by object: calls cannot be counted', [root]);
  const uncounted = isWrite(expectation) ? uncountedWrite(server, expectation) : undefined;
  return uncounted === undefined ? undefined : doubt('uncounted-calls', uncounted, [root]);
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
