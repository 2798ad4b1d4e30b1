import type { Look } from '../look.ts';
import { drawFittingTable } from '../terminal/table.ts';
import { truncate, type MeasureText } from '../terminal/width.ts';
import { rfc3339 } from '../../trace/time.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { PodReport } from '../../report/pod-report.ts';
import { drawPodScreen } from './screen.ts';

/** The screen, then every stretch of the worst pod's time with its source, and the traces that the spans are in. */
export function drawWidePods(report: PodReport, look: Look, measure: MeasureText): string {
  const [story] = report.stories;
  const screen = drawPodScreen(report, look, measure);
  if (story === undefined) return screen;
  const { text, ellipsis } = look.glyphs;
  const stretches = drawFittingTable(
    [
      { title: 'from' },
      { title: 'stage' },
      { title: 'time', align: 'right' },
      { title: 'source' },
      { title: 'accuracy' },
    ],
    story.stages.map(({ stage, from, to, open, source, uncertainty }) => [
      rfc3339((story.startedAt + BigInt(from)) as typeof story.startedAt).slice(11, 23),
      `${stage}${open ? ', open' : ''}`,
      text(formatDuration(to - from)),
      source,
      text(uncertainty === 0 ? 'exact' : `± ${formatDuration(uncertainty)}`),
    ]),
    look,
    measure,
  );
  const roots = story.trace.spans.filter(({ source, parent }) => source === 'span' && parent === story.trace.root);
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
