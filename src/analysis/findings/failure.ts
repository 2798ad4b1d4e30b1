import { counted } from '../../format/counted.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { httpStatus, textAttribute } from '../attributes.ts';
import { briefLabelOf } from '../kubernetes/label.ts';
import { withAncestors } from '../rows/fold.ts';
import type { Evidence } from './trace-index.ts';
import type { Finder } from './finding.ts';

/**
 * The failed span below which nothing else failed: what the spans above it only passed on. Where there are several, the
 * one that ended last decided. That the API server refused the request itself (404, 403, 409) is told with its answer.
 */
export const failure: Finder = (evidence) => {
  const causes = rootCauses(evidence).toSorted((a, b) => b.offset + b.duration - (a.offset + a.duration));
  const [cause, ...others] = causes;
  if (cause === undefined) return [];
  const status = answerStatus(evidence, cause);
  const failed = status === undefined || status >= 400;
  const nanos = evidence.criticalTime(cause);
  const message = messageOf(cause);
  const more = others.length === 0 ? '' : ` ${counted(others.length, 'other span')} failed.`;
  return [
    {
      id: 'failure',
      severity: failed ? 'error' : 'warning',
      title: failed
        ? `The failure began in ${nameOf(cause)}${message === undefined ? '' : `: ${message}`}`
        : `${nameOf(cause)} failed${message === undefined ? '' : `: ${message}`}; the request went on without it`,
      detail: `${pathTo(cause)}.${more}`,
      hint: null,
      command: null,
      nanos,
      share: evidence.trace.duration === 0 ? 0 : Math.min(1, nanos / evidence.trace.duration),
      spans: [cause, ...others],
    },
  ];
};

function rootCauses(evidence: Evidence): PlacedSpan[] {
  const failed = evidence.failed();
  const failedBelow = withAncestors(failed.flatMap(({ parent }) => parent ?? []));
  return failed.filter((span) => !failedBelow.has(span) && !isOwnAnswer(evidence, span)).toReversed();
}

/** A refusal that is the request's answer, in the API server's own span or passed on from an aggregated one. */
function isOwnAnswer(evidence: Evidence, span: PlacedSpan): boolean {
  const status = httpStatus(span.span) ?? 0;
  return status >= 400 && status < 500 && status === answerStatus(evidence, span);
}

function answerStatus(evidence: Evidence, span: PlacedSpan): number | undefined {
  const request = evidence.requestOf(span)?.status ?? undefined;
  const server = evidence.serverSpanOf(span);
  return request ?? (server === undefined ? undefined : httpStatus(server.span));
}

function messageOf({ span }: PlacedSpan): string | undefined {
  if (span.status.message !== undefined && span.status.message !== '') return span.status.message;
  const told = span.events.findLast(
    ({ attributes }) => textAttribute(attributes, 'err', 'exception.message') !== undefined,
  );
  const event = told === undefined ? undefined : textAttribute(told.attributes, 'err', 'exception.message');
  const code = textAttribute(span.attributes, 'rpc.response.status_code', 'error.type');
  const status = httpStatus(span);
  return event ?? code ?? (status === undefined ? undefined : `HTTP status ${status}`);
}

/** The shortest wording; a webhook is better known by its name than by its address. */
function nameOf(placed: PlacedSpan): string {
  const { parent, span } = placed;
  const called = parent !== undefined && span.kind === 'client' && /^Call \w+ webhook$/.test(parent.span.name);
  return briefLabelOf(called ? parent : placed);
}

/** Spans that are named on the way down. */
const STEPS = 4;

function pathTo(cause: PlacedSpan): string {
  const names: string[] = [];
  for (let on: PlacedSpan | undefined = cause; on !== undefined && on.source === 'span'; on = on.parent) {
    if (names.length === STEPS) return `… > ${names.join(' > ')}`;
    names.unshift(briefLabelOf(on));
  }
  return names.join(' > ');
}
