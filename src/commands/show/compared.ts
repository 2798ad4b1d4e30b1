import type { ShowInvocation, ShowSource } from './arguments.ts';
import { UsageError } from '../../errors.ts';
import { writePage } from '../../page/write.ts';
import { toJSON } from '../../report/json.ts';
import type { Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { printError } from '../../tracing/errors.ts';
import { remember } from '../../tracing/history.ts';
import { refusePageOnTerminal } from '../../tracing/output.ts';
import { publish, redacted } from '../../tracing/publish.ts';
import { findSource, isNews } from './find.ts';

type Comparison = ShowInvocation & { readonly compare: ShowSource };

/** `show --compare`: a page with two documents. Resolves with the exit code of the shown trace, else of the other. */
export async function showCompared(invocation: Comparison, runtime: Runtime, version: string): Promise<number> {
  refusePageOnTerminal(invocation.draw, runtime);
  const { draw, compare } = invocation;
  const shown = await findTrace(invocation, runtime, version);
  if (shown.analysis === null) return withoutTrace(shown, runtime);
  // The log is the shown command's.
  const { log: _, ...rest } = invocation;
  const other = { ...rest, source: compare };
  const compared = await findTrace(other, runtime, version);
  if (compared.analysis === null) return withoutTrace(compared, runtime);
  const beside = toJSON(draw.redact ? await redacted(compared, runtime) : compared);
  const output = (report: Report): Promise<string> => writePage(toJSON(report), beside);
  const history = isNews(shown, invocation);
  const code = await publish(shown, { output, history, redact: draw.redact, isEarlier: true }, runtime);
  if (isNews(compared, other)) await remember(compared, runtime);
  printErrorOf(compared, runtime);
  return code === 0 ? compared.exitCode : code;
}

async function findTrace(invocation: ShowInvocation, runtime: Runtime, version: string): Promise<Report> {
  const found = await findSource(invocation, runtime, version);
  if (!('pods' in found)) return found;
  throw new UsageError('NothingToCompare', "a pod's lifecycle cannot be compared, only traces of requests can", {
    hint: 'write a page for each of them, and open both',
  });
}

/** There is no page of half a comparison: why not is on standard error. */
function withoutTrace(report: Report, runtime: Runtime): number {
  if (report.error === null) throw new UsageError('NothingToCompare', 'one of the two has no spans to compare');
  printErrorOf(report, runtime);
  return report.error.code;
}

function printErrorOf({ error }: Report, runtime: Runtime): void {
  if (error !== null && error.isPrinted !== true) printError(error, runtime);
}
