import { formatDuration } from '../../analysis/wording/duration.ts';
import { formatShare } from '../../analysis/wording/percent.ts';
import { lifetime } from '../../pod/moment.ts';
import type { Look } from '../look.ts';
import { drawFittingTable } from '../terminal/table.ts';
import type { MeasureText } from '../terminal/width.ts';
import { conclusionLines, detailLines } from './details.ts';
import type { PodReport } from '../../report/pod-report.ts';
import { headerLines } from './header.ts';
import { podTable } from './table.ts';
import { stageSums } from './words.ts';

/** Where the worst pod's time went, stage by stage, and what it waits for: `kubectl trace pod … -o summary`. */
export function drawPodSummary(report: PodReport, look: Look, measure: MeasureText): string {
  const [lifecycle] = report.lifecycles;
  const { text } = look.glyphs;
  const total = lifecycle === undefined ? 0 : lifetime(lifecycle);
  const groups = [
    headerLines(report, look, measure),
    conclusionLines(report, look, measure),
    report.lifecycles.length > 1 ? podTable(report, look, measure) : [],
    lifecycle === undefined
      ? []
      : drawFittingTable(
          [
            { title: 'stage' },
            { title: 'time', align: 'right' },
            { title: 'share', align: 'right' },
            { title: 'accuracy' },
          ],
          stageSums(lifecycle).map(({ stage, nanos, uncertainty, open }) => [
            stage,
            text(formatDuration(nanos)),
            formatShare(total === 0 ? 0 : nanos / total),
            `${text(uncertainty === 0 ? 'exact' : `± ${formatDuration(uncertainty)}`)}${open ? ', open' : ''}`,
          ]),
          look,
          measure,
        ),
    detailLines(report, look, measure),
  ];
  return `${groups
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n').replace(/^\n/, ''))
    .join('\n\n')}\n`;
}
