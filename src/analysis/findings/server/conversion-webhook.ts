import { counted } from '../../../format/counted.ts';
import { shell } from '../../../format/shell-command.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { numberAttribute, textAttribute } from '../../attributes.ts';
import { CONVERSION, customResourceOf } from '../../kubernetes/conversion-time.ts';
import { defineTimeFinding, type FoundTime } from '../define-finding.ts';
import { shellName } from '../shell.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { exportsNoSpans } from './webhook-call.ts';

/**
 * Objects whose stored version differs from the requested one. Up to Kubernetes 1.37 the call of the webhook is in a
 * separate trace, so the request's trace shows only the time that it took.
 */
export const slowConversionWebhook = defineTimeFinding({
  id: 'slow-conversion-webhook',
  threshold: atLeast(50, 10),
  title: ({ definition, calls }) =>
    calls === undefined
      ? `the conversion of ${definition} between versions (inferred)`
      : `the conversion webhook${definition === undefined ? '' : ` of ${definition}`}`,
  detail: ({ calls }) =>
    calls === undefined
      ? "The API server's call of a conversion webhook is not in the request's trace; this is the gap that it leaves."
      : calls,
  hint: 'Request the stored version, or migrate the stored objects to the requested version.',
  command: ({ definition }) => {
    const name = shellName(definition);
    return name === undefined ? null : shell`kubectl get crd ${name} -o yaml`;
  },
  find: (index: TraceIndex) => [...reported(index), ...inferred(index)],
});

interface Conversion extends FoundTime {
  readonly definition: string | undefined;
  /** A sentence about the calls; undefined if the conversion is inferred. */
  readonly calls: string | undefined;
}

/** Conversions with spans (apiextensions-apiserver, conversion). */
function reported(index: TraceIndex): readonly Conversion[] {
  const calls = index.named('apiserver', 'Call conversion webhook');
  const [first] = calls;
  if (first === undefined) return [];
  return [
    {
      definition: textAttribute(first.span.attributes, 'custom-resource-definition'),
      calls: describe(calls, textAttribute(first.span.attributes, 'desired-api-version')),
      parts: calls.map((span) => ({ span, nanos: index.criticalTime(span) })),
    },
  ];
}

function describe(calls: readonly PlacedSpan[], version: string | undefined): string {
  const objects = calls.reduce((sum, { span }) => sum + (numberAttribute(span.attributes, 'object-count') ?? 0), 0);
  const times = calls.length === 1 ? 'one call' : counted(calls.length, 'call');
  const spans = calls.every(exportsNoSpans)
    ? 'it exports no spans, so its work is not visible.'
    : 'its own spans are in the tree.';
  const about = objects === 0 ? '' : ` for ${counted(objects, 'object')}`;
  return `${times}${about}${version === undefined ? '' : ` to ${version}`}; ${spans}`;
}

function inferred(index: TraceIndex): readonly Conversion[] {
  const gaps = index.onPath().filter(({ source, span }) => source === 'gap' && span.name === CONVERSION);
  const byResource = Map.groupBy(gaps, ({ parent }) => customResourceOf(parent as PlacedSpan));
  return [...byResource].map(([definition, own]) => ({
    definition,
    calls: undefined,
    parts: own.map((span) => ({ span, nanos: index.criticalTime(span) })),
  }));
}
