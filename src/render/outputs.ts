import { parseTemplate } from './jsonpath/parse.ts';
import type { Look } from './look.ts';
import { drawMeasured, drawMeasuredScreen } from './terminal/measured-screen.ts';
import type { Report } from '../report/report.ts';
import type { MeasureText } from './terminal/width.ts';

/** One form of a report, on standard output; pure, but that it may load what it is made of first. */
export type Renderer = (report: Report, look: Look) => string | Promise<string>;

/** `argument` is what stands behind the `=` of `-o FORMAT=…`; throws UsageError when it cannot be understood. */
export type OpenRenderer = (argument: string) => Renderer;

/** All of the analysis comes with it. */
const isRepeated = async (report: Report): Promise<boolean> =>
  (await import('../report/repeated.ts')).isRepeated(report);

/** Draws the slowest of a request that was sent several times. */
const aboutOne =
  (draw: (report: Report, look: Look, measure: MeasureText) => string): Renderer =>
  async (report, look) => {
    if (!(await isRepeated(report))) return drawMeasured(draw, report, look);
    const { drawSlowest } = await import('./terminal/repeated-screen.ts');
    return drawMeasured(
      (all, inner, measure) => drawSlowest(all, inner, measure, (slowest) => draw(slowest, inner, measure)),
      report,
      look,
    );
  };

/** Every form, by the name that `-o` gives it: what is not needed to refuse one is loaded when it is used. */
export const OUTPUTS = {
  tree: () => async (report, look) =>
    (await isRepeated(report))
      ? drawMeasured((await import('./terminal/repeated-screen.ts')).drawRepeatedScreen, report, look)
      : drawMeasuredScreen(report, look),
  wide: () => async (report, look) => aboutOne((await import('./terminal/wide.ts')).drawWideScreen)(report, look),
  summary: () => async (report, look) => aboutOne((await import('./terminal/summary.ts')).drawSummary)(report, look),
  json: () => async (report) => (await import('../report/json.ts')).writeJSON(report),
  yaml: () => async (report) => (await import('./data/yaml.ts')).writeYAML(report),
  jsonpath: (argument) => {
    const template = parseTemplate(argument);
    return async (report) => {
      const [{ evaluate }, { toJSON }] = await Promise.all([
        import('./jsonpath/evaluate.ts'),
        import('../report/json.ts'),
      ]);
      return evaluate(template, toJSON(report));
    };
  },
  name: () => async (report) => (await import('./data/name.ts')).writeNames(report),
  otlp: () => async (report) => (await import('./data/otlp.ts')).writeOTLP(report),
  perfetto: () => async (report) => (await import('./data/perfetto.ts')).writePerfetto(report),
  speedscope: () => async (report) => {
    const { titleWords } = await import('./terminal/headline.ts');
    return (await import('./data/speedscope.ts')).writeSpeedscope(report, titleWords(report));
  },
  folded: () => async (report) => (await import('./data/folded.ts')).writeFolded(report),
  markdown: () => async (report, look) =>
    drawMeasured((await import('./data/markdown.ts')).writeMarkdown, report, look),
  html: () => async (report) => {
    const [{ writePage }, { toJSON }] = await Promise.all([import('../page/write.ts'), import('../report/json.ts')]);
    return writePage(toJSON(report));
  },
  svg: () => async (report, look) => drawMeasured((await import('./svg/report.ts')).writeSVG, report, look),
} satisfies Readonly<Record<string, OpenRenderer>>;
