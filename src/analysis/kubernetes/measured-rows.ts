import { counted } from '../../format/counted.ts';
import { nanosFromMillis } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import type { Label, RowNode } from '../rows/row-node.ts';
import { textAttribute } from '../attributes.ts';
import { filterName } from './filters.ts';

/** A stage with at least this duration, and this share of the total, has its own row. */
const SLOW_NANOS = nanosFromMillis(1);
const SLOW_SHARE = 0.05;

const PLUGIN_METRIC = 'apiserver_admission_controller_admission_duration_seconds';

/**
 * The rows of stages that the API server's metrics show one after the other. Quick filters are one row, and so are quick
 * admission plug-ins; `rest` has every other stage.
 */
export function measuredRows(
  children: readonly PlacedSpan[],
  whole: number,
): { readonly rows: readonly RowNode[]; readonly rest: readonly PlacedSpan[] } {
  const quick = children.filter((child) => child.source === 'metric' && !isSlow(child, whole));
  const filters = quick.filter((child) => filterName(child) !== undefined);
  const plugins = quick.filter((child) => isAdmissionPlugin(child) && child.children.length === 0);
  const groups = [
    { spans: filters, label: filtersLabel(filters) },
    { spans: plugins, label: pluginsLabel(plugins) },
  ].filter(({ spans }) => spans.length > 1);
  const folded = new Set(groups.flatMap(({ spans }) => spans));
  return {
    rows: groups.map(({ spans, label }) => ({
      label,
      brief: label.at(-1) as string,
      spans: spans.flatMap((span) => [span, ...span.children]),
      children: [],
      folded: true,
    })),
    rest: children.filter((child) => !folded.has(child)),
  };
}

const isSlow = ({ duration }: PlacedSpan, whole: number): boolean =>
  duration >= SLOW_NANOS && duration >= SLOW_SHARE * whole;

/** An admission plug-in, as metrics show it. */
export const isAdmissionPlugin = ({ source, span }: PlacedSpan): boolean =>
  source === 'metric' && textAttribute(span.attributes, 'metric.name') === PLUGIN_METRIC;

function filtersLabel(filters: readonly PlacedSpan[]): Label {
  const names = filters.map((filter) => filterName(filter) as string);
  return [`filters: ${[...new Set(names)].join(', ')}`, `filters (${filters.length})`, 'filters'];
}

const pluginsLabel = (plugins: readonly PlacedSpan[]): Label => [
  counted(plugins.length, 'admission plug-in'),
  counted(plugins.length, 'plug-in'),
];
