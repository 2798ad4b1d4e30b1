import type { DrawFlags } from '../cli/flags/output.ts';
import type { RequestInvocation } from '../cli/invocation.ts';
import type { Report } from '../render/report.ts';
import type { Output } from './output.ts';

/** Outputs that hold the answer themselves. */
const DOCUMENTS: ReadonlySet<DrawFlags['output']> = new Set(['json', 'yaml', 'jsonpath']);

/** Whether the answer belongs into the document that is printed, and not before it. */
export const isInDocument = ({ draw }: RequestInvocation): boolean =>
  draw.answer !== undefined && DOCUMENTS.has(draw.output);

/** What is drawn below an answer: apart from it, and without kubectl's lines, which are the answer. */
export function belowAnswer(output: Output, separator: string): Output {
  return async (report: Report) => {
    const requests = report.requests.map((request) => ({ ...request, outcome: null }));
    const text = await output({ ...report, requests });
    return text === '' ? '' : `${separator}${text}`;
  };
}
