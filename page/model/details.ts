import { labelOf } from '../../src/analysis/kubernetes/label.ts';
import type { Analysis } from '../../src/analysis/analyse.ts';
import { componentName } from '../../src/analysis/timing/component.ts';
import { eventOffset } from '../../src/analysis/events.ts';
import { formatDuration } from '../../src/analysis/wording/duration.ts';
import type { RequestReport } from '../../src/report/report.ts';
import type { Attributes } from '../../src/trace/span.ts';
import { rfc3339 } from '../../src/trace/time.ts';
import type { PlacedSpan, Precision, SpanSource } from '../../src/trace/trace.ts';
import { kubernetesReading, type Reading } from './kubernetes-reading.ts';
import { shownText } from './look.ts';
import { textOf } from './search.ts';

/** Everything that is known of a span, as texts. */
export interface Details {
  readonly title: string;
  readonly facts: readonly Reading[];
  readonly kubernetes: readonly Reading[];
  readonly attributes: readonly Reading[];
  readonly events: readonly EventDetails[];
  readonly links: readonly Reading[];
  readonly resource: readonly Reading[];
}

interface EventDetails {
  readonly name: string;
  /** From the trace's start, and from the span's. */
  readonly at: string;
  readonly attributes: readonly Reading[];
}

const SOURCES: Readonly<Record<SpanSource, string>> = {
  span: 'a span',
  metric: "the API server's metrics",
  audit: "the API server's audit log",
  log: "the API server's log",
  client: "kubectl trace's own measurement",
  gap: 'time that no span covers (inferred)',
  event: 'an event of the cluster',
  condition: 'a condition of the object',
};

const PRECISIONS: Readonly<Record<Precision, string>> = {
  exact: 'exact',
  'at-most': 'at most this long',
  'length-only': 'this long, at an unknown time',
  inferred: 'inferred',
};

export function detailsOf(placed: PlacedSpan, analysis: Analysis, requests: readonly RequestReport[]): Details {
  const { span } = placed;
  const { trace } = analysis;
  return {
    title: shownText(labelOf(placed)[0]),
    facts: factsOf(placed, analysis),
    kubernetes: kubernetesReading(placed, requests).map(shown),
    attributes: attributesOf(span.attributes),
    events: span.events.map((event) => {
      const at = eventOffset(event, placed, trace);
      return {
        name: shownText(event.name),
        at: `${formatDuration(at)}, ${formatDuration(at - placed.offset)} after the start of the span`,
        attributes: attributesOf(event.attributes),
      };
    }),
    links: span.links.map((link) =>
      shown({
        label: `trace ${link.traceID}`,
        text: [
          `span ${link.spanID}`,
          ...attributesOf(link.attributes).map(({ label, text }) => `${label}=${text}`),
        ].join(' '),
      }),
    ),
    resource: attributesOf(span.resource.attributes),
  };
}

function factsOf(placed: PlacedSpan, { trace, self, component, onCriticalPath }: Analysis): Reading[] {
  const { span, index, precision } = placed;
  const facts: readonly (readonly [label: string, text: string | undefined])[] = [
    ['duration', placed.ended ? formatDuration(placed.duration) : `no end; ${formatDuration(placed.duration)} or more`],
    ['own time', formatDuration(self[index] ?? 0)],
    ['start', `${formatDuration(placed.offset)} (${rfc3339(span.start)})`],
    [
      'critical path',
      onCriticalPath.has(index) ? 'on it, or above a part of it' : 'not on it: nothing waited for this time',
    ],
    ['component', componentName(component[index] ?? 'other')],
    ['service', span.resource.service],
    ['original name', span.name === labelOf(placed)[0] ? undefined : span.name],
    [
      'status',
      span.status.code === 'unset' ? undefined : [span.status.code, span.status.message ?? ''].join(' ').trim(),
    ],
    ['kind', span.kind],
    ['source', SOURCES[placed.source]],
    ['precision', precision === undefined ? undefined : PRECISIONS[precision]],
    ['moved', placed.moved ? 'its parent or its times differ from what the process reported' : undefined],
    ['scope', span.scope === undefined ? undefined : [span.scope.name, span.scope.version ?? ''].join(' ').trim()],
    ['span ID', placed.spanID],
    ['parent', placed.parent?.spanID],
    ['trace ID', span.traceID === trace.traceID ? undefined : span.traceID],
  ];
  return facts.flatMap(([label, text]) => (text === undefined || text === '' ? [] : [shown({ label, text })]));
}

const attributesOf = (attributes: Attributes): Reading[] =>
  Object.entries(attributes)
    .filter(([name]) => !name.startsWith('kubectl-trace.'))
    .map(([label, value]) => shown({ label, text: textOf(value) }));

const shown = ({ label, text }: Reading): Reading => ({ label: shownText(label), text: shownText(text) });
