import type { DrawFlags, OutputFormat } from '../cli/options/output.ts';
import { terminalText } from '../render/escape.ts';
import { chooseLook } from '../render/look.ts';
import { OUTPUTS, type OpenRenderer } from '../render/outputs.ts';
import type { Report } from '../report/report.ts';
import type { Runtime } from '../runtime.ts';

/** What a report is printed as on standard output. */
export type Output = (report: Report) => Promise<string>;

// A format that the command line knows and nobody renders does not compile.
const RENDERERS: Readonly<Record<OutputFormat, OpenRenderer>> = OUTPUTS;

/** Formats that escape what they draw, and have colours of their own; the others are for programs, byte by byte. */
export const DRAWN: ReadonlySet<OutputFormat> = new Set(['tree', 'wide', 'summary']);

/** Throws UsageError for a template that cannot be understood, so that it is known before anything is sent. */
export function openOutput(draw: DrawFlags, { outTerminal, env }: Runtime): Output {
  const render = RENDERERS[draw.output](draw.outputArgument ?? '');
  const look = chooseLook(draw, outTerminal, env);
  const isData = !DRAWN.has(draw.output);
  return async (report) => {
    const text = await render(report, look);
    return isData ? terminalText(text, outTerminal) : text;
  };
}
