import type { DrawFlags } from '../cli/options/output.ts';
import type { RequestInvocation } from '../commands/invocation.ts';
import type { Report } from '../report/report.ts';
import type { Output } from './output.ts';

/** Outputs that hold the answer themselves. */
const DOCUMENTS: ReadonlySet<DrawFlags['output']> = new Set(['json', 'yaml', 'jsonpath']);

/** Whether the answer belongs into the document that is printed, and not before it. */
export const isInDocument = ({ draw }: RequestInvocation): boolean =>
  draw.answer !== undefined && DOCUMENTS.has(draw.output);

/** What is drawn below an answer: apart from it, and without kubectl's lines, which are the answer. */
export function belowAnswer(output: Output, separator: string): Output {
  return async (report: Report) => {
    const text = await output(withoutOutcomes(report));
    return text === '' ? '' : `${separator}${text}`;
  };
}

/**
 * What is drawn of an earlier command: kubectl's lines ("configmap/demo created") would read as if it had happened again.
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
