import { counted } from '../../format/counted.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { httpStatus, textAttribute } from '../attributes.ts';
import { briefLabelOf } from '../kubernetes/label.ts';
import { withAncestors } from '../rows/fold.ts';
import { defineFinding, type FoundSpans } from './define-finding.ts';
import { ALWAYS } from './thresholds.ts';
import type { TraceIndex } from './trace-index.ts';

/**
 * The failed span without a failed span below it; the spans above only pass its failure on. If there are several, the one
 * that ended last counts. A refusal by the API server itself (404, 403, 409) is reported with the response instead.
 */
export const failure = defineFinding({
  id: 'failure',
  threshold: ALWAYS,
  severity: ({ requestFailed }) => (requestFailed ? 'error' : 'warning'),
  title: ({ name, message, requestFailed }) =>
    requestFailed
      ? `The failure began in ${name}${message === undefined ? '' : `: ${message}`}`
      : `${name} failed${message === undefined ? '' : `: ${message}`}; the request continued without it`,
  detail: ({ path, others }) => [`${path}.`, others === 0 ? undefined : `${counted(others, 'other span')} failed.`],
  hint: null,
  command: null,
  find,
});

interface Failure extends FoundSpans {
  readonly name: string;
  readonly message: string | undefined;
  /** False where the response is a success in spite of the failure. */
  readonly requestFailed: boolean;
  readonly path: string;
  /** Number of other spans where a failure began. */
  readonly others: number;
}

function find(index: TraceIndex): readonly Failure[] {
  const causes = rootCauses(index).toSorted((a, b) => b.offset + b.duration - (a.offset + a.duration));
  const [cause, ...others] = causes;
  if (cause === undefined) return [];
  const status = responseStatus(index, cause);
  return [
    {
      spans: [cause, ...others],
      nanos: index.criticalTime(cause),
      name: nameOf(cause),
      message: messageOf(cause),
      requestFailed: status === undefined || status >= 400,
      path: pathTo(cause),
      others: others.length,
    },
  ];
}

function rootCauses(index: TraceIndex): PlacedSpan[] {
  const failed = index.failed();
  const failedBelow = withAncestors(failed.flatMap(({ parent }) => parent ?? []));
  return failed.filter((span) => !failedBelow.has(span) && !isRefusal(index, span)).toReversed();
}

/** A refusal that is also the request's response, in the API server's own span or passed on from an aggregated one. */
function isRefusal(index: TraceIndex, span: PlacedSpan): boolean {
  const status = httpStatus(span.span) ?? 0;
  return status >= 400 && status < 500 && status === responseStatus(index, span);
}

function responseStatus(index: TraceIndex, span: PlacedSpan): number | undefined {
  const request = index.requestOf(span)?.status ?? undefined;
  const server = index.serverSpanOf(span);
  return request ?? (server === undefined ? undefined : httpStatus(server.span));
}

function messageOf({ span }: PlacedSpan): string | undefined {
  if (span.status.message !== undefined && span.status.message !== '') return span.status.message;
  const reported = span.events.findLast(
    ({ attributes }) => textAttribute(attributes, 'err', 'exception.message') !== undefined,
  );
  const event = reported === undefined ? undefined : textAttribute(reported.attributes, 'err', 'exception.message');
  const code = textAttribute(span.attributes, 'rpc.response.status_code', 'error.type');
  const status = httpStatus(span);
  return event ?? code ?? (status === undefined ? undefined : `HTTP status ${status}`);
}

/** The shortest label. A webhook's name says more than its address. */
function nameOf(placed: PlacedSpan): string {
  const { parent, span } = placed;
  const called = parent !== undefined && span.kind === 'client' && /^Call \w+ webhook$/.test(parent.span.name);
  return briefLabelOf(called ? parent : placed);
}

/** Maximum number of spans named in the path to a failure. */
const MAX_STEPS = 4;

function pathTo(cause: PlacedSpan): string {
  const names: string[] = [];
  let ancestor: PlacedSpan | undefined = cause;
  while (ancestor !== undefined && ancestor.source === 'span') {
    if (names.length === MAX_STEPS) return `… > ${names.join(' > ')}`;
    names.unshift(briefLabelOf(ancestor));
    ancestor = ancestor.parent;
  }
  return names.join(' > ');
}
