import type { DrawFlags, OutputFormat } from '../cli/options/output.ts';
import { UsageError } from '../errors.ts';
import { terminalText } from '../render/escape.ts';
import { chooseLook } from '../render/look.ts';
import { OUTPUTS, type OpenRenderer } from '../render/outputs.ts';
import type { Report } from '../report/report.ts';
import type { Runtime } from '../runtime.ts';

/** Prints a report in the chosen format on standard output. */
export type Output = (report: Report) => Promise<string>;

// A format that the command line knows and that has no renderer does not compile.
const RENDERERS: Readonly<Record<OutputFormat, OpenRenderer>> = OUTPUTS;

/** Formats that escape what they draw, and use colours; the others are for programs, byte by byte. */
export const DRAWN: ReadonlySet<OutputFormat> = new Set(['tree', 'wide', 'summary']);

/**
 * Throws UsageError for a template that cannot be understood and for a page on a terminal, so that it is known before anything
 * is sent. `toFile` is what a user adds to the command line to write into a file.
 */
export function openOutput(draw: DrawFlags, runtime: Runtime, toFile = '> trace.html'): Output {
  refusePageOnTerminal(draw, runtime, toFile);
  const render = RENDERERS[draw.output](draw.outputArgument ?? '');
  const isData = !DRAWN.has(draw.output);
  return async (report) => {
    // As wide as the terminal is by then.
    const text = await render(report, chooseLook(draw, runtime));
    return isData ? terminalText(text, runtime.outTerminal) : text;
  };
}

/** A page is 190 KB of script for a browser. */
export function refusePageOnTerminal(
  { output }: Pick<DrawFlags, 'output'>,
  { outTerminal }: Runtime,
  toFile = '> trace.html',
): void {
  if (output !== 'html' || !outTerminal.isTTY) return;
  throw new UsageError('PageOnTerminal', '-o html prints a page for a browser, not for a terminal', {
    hint: `write it to a file: add ${toFile} to the command`,
  });
}

/** Outputs that hold the response themselves. */
const DOCUMENTS: ReadonlySet<DrawFlags['output']> = new Set(['json', 'yaml', 'jsonpath', 'html']);

/** Whether the response belongs into the printed document, and not before it. */
export const isInDocument = (draw: DrawFlags): boolean =>
  draw.responseFormat !== undefined && DOCUMENTS.has(draw.output);

/** The output below a response: after a separator, and without the lines of kubectl, which are the response. */
export function belowResponse(output: Output, separator: string): Output {
  return async (report: Report) => {
    const text = await output(withoutOutcomes(report));
    return text === '' ? '' : `${separator}${text}`;
  };
}

/**
 * The drawing of an earlier command: kubectl's lines ("configmap/demo created") would read as if it had happened again.
 * In a document they are data, and stay.
 */
export const ofEarlier = <R extends Pick<Report, 'requests'>, Text>(
  output: (report: R) => Text,
  form: DrawFlags['output'],
): ((report: R) => Text) => (DOCUMENTS.has(form) ? output : (report) => output(withoutOutcomes(report)));

const withoutOutcomes = <R extends Pick<Report, 'requests'>>(report: R): R => ({
  ...report,
  requests: report.requests.map((request) => ({ ...request, outcome: null })),
});
