import type { Look } from '../look.ts';
import { drawFittingTable } from '../terminal/table.ts';
import { truncate, type MeasureText } from '../terminal/width.ts';
import { rfc3339 } from '../../trace/time.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { PodReport } from '../../report/pod-report.ts';
import { drawPodScreen } from './screen.ts';

/** The screen, then every stretch of the worst pod's time with its source, and the traces that the spans are in. */
export function drawWidePods(report: PodReport, look: Look, measure: MeasureText): string {
  const [lifecycle] = report.lifecycles;
  const screen = drawPodScreen(report, look, measure);
  if (lifecycle === undefined) return screen;
  const { text, ellipsis } = look.glyphs;
  const stretches = drawFittingTable(
    [
      { title: 'from' },
      { title: 'stage' },
      { title: 'time', align: 'right' },
      { title: 'source' },
      { title: 'accuracy' },
    ],
    lifecycle.stages.map(({ stage, from, to, open, source, uncertainty }) => [
      rfc3339((lifecycle.startedAt + BigInt(from)) as typeof lifecycle.startedAt).slice(11, 23),
      `${stage}${open ? ', open' : ''}`,
      text(formatDuration(to - from)),
      source,
      text(uncertainty === 0 ? 'exact' : `± ${formatDuration(uncertainty)}`),
    ]),
    look,
    measure,
  );
  const roots = lifecycle.trace.spans.filter(
    ({ source, parent }) => source === 'span' && parent === lifecycle.trace.root,
  );
  const traces = drawFittingTable(
    [{ title: 'trace ID' }, { title: 'start' }, { title: 'root span' }],
    roots.map(({ span }) => [
      span.traceID,
      rfc3339(span.start).slice(11, 23),
      truncate(text(span.name), 30, ellipsis, measure),
    ]),
    look,
    measure,
  );
  return (
    [screen, '', ...stretches, ...(roots.length === 0 ? [] : ['', ...traces])].join('\n').replace('\n\n\n', '\n\n') +
    '\n'
  );
}
