import type { PlacedSpan } from '../../trace/trace.ts';
import { writeJSONDocument } from '../../report/json.ts';
import { escapeText } from '../escape.ts';
import { evaluate } from '../jsonpath/evaluate.ts';
import { parseTemplate } from '../jsonpath/parse.ts';
import type { Look } from '../look.ts';
import { drawWith } from '../terminal/measured-screen.ts';
import type { MeasureText } from '../terminal/width.ts';
import { podJSON } from '../../report/pod-json.ts';
import { analysePod, type PodReport } from '../../report/pod-report.ts';
import { drawPodScreen } from './screen.ts';
import { drawPodSet, worstAlone } from './set.ts';

export type PodRenderer = (report: PodReport, look: Look) => string | Promise<string>;
export type OpenPodRenderer = (argument: string) => PodRenderer;

const measured =
  (draw: (report: PodReport, look: Look, measure: MeasureText) => string): PodRenderer =>
  (report, look) =>
    drawWith((measure) => draw(report, look, measure));

/** The table of a set, and then the picture of its worst pod. */
const pictured =
  (draw: (report: PodReport, look: Look, measure: MeasureText) => string) =>
  (report: PodReport, look: Look, measure: MeasureText): string => {
    if (report.set === null) return draw(report, look, measure);
    const worst = worstAlone(report);
    const table = drawPodSet(report, look, measure);
    return worst === undefined ? table : `${table}\n${draw(worst, look, measure)}`;
  };

const isReported = ({ source }: PlacedSpan): boolean => source === 'span' || source === 'client';

const namesOf = ({ lifecycles }: PodReport): string[] => lifecycles.map(({ name }) => `pod/${name}`);

/** The trace of the worst pod, for outputs that have one. */
function worstTrace({ command, toolVersion, lifecycles: [lifecycle] }: PodReport) {
  return { command, toolVersion, analysis: lifecycle === undefined ? null : analysePod(lifecycle.trace) };
}

/** Outputs of a pod's lifecycle, by the name that `-o` gives them. */
export const POD_OUTPUTS = {
  tree: () => measured(drawPodScreen),
  wide: () => async (report, look) => measured(pictured((await import('./wide.ts')).drawWidePods))(report, look),
  summary: () => async (report, look) =>
    measured(pictured((await import('./summary.ts')).drawPodSummary))(report, look),
  json: () => (report) => writeJSONDocument(podJSON(report)),
  yaml: () => async (report) => (await import('../data/yaml.ts')).writeYAMLDocument(podJSON(report)),
  jsonpath: (argument) => {
    const template = parseTemplate(argument);
    return (report) => evaluate(template, podJSON(report));
  },
  name: () => (report) =>
    namesOf(report)
      .map((name) => `${escapeText(name)}\n`)
      .join(''),
  otlp: () => async (report) => {
    const { writeOTLPSpans } = await import('../data/otlp.ts');
    return writeOTLPSpans(
      report.lifecycles
        .slice(0, 1)
        .flatMap(({ trace }) => trace.spans)
        .filter(isReported),
    );
  },
  perfetto: () => async (report) => {
    const { writePerfetto } = await import('../data/perfetto.ts');
    return writePerfetto(worstTrace(report));
  },
  speedscope: () => async (report) =>
    (await import('../data/speedscope.ts')).writeSpeedscope(worstTrace(report), namesOf(report)[0] ?? ''),
  folded: () => async (report) => (await import('../data/folded.ts')).writeFolded(worstTrace(report)),
  markdown: () => async (report, look) => measured((await import('./markdown.ts')).writePodMarkdown)(report, look),
  html: () => async (report) => (await import('../../page/write.ts')).writePage(podJSON(report)),
  svg: () => async (report, look) => measured((await import('../svg/pod.ts')).writePodSVG)(report, look),
} satisfies Readonly<Record<string, OpenPodRenderer>>;
