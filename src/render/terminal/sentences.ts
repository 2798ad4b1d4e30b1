import { formatDuration } from '../../analysis/wording/duration.ts';
import { nameOrUID } from '../../analysis/wording/name-or-uid.ts';
import type { Report, RequestReport, ServedBy } from '../../report/report.ts';
import { isFailure, mainRequest, serverBound } from './request-line.ts';
import { isRun, runSentences } from './run-line.ts';

/** Sentences about a request and its trace, printed below the tree. `remarks`: also those that a reader needs once. */
export function closingSentences(report: Report, remarks: boolean): string[] {
  const request = mainRequest(report);
  if (request === undefined) return [];
  if (isRun(report)) return runSentences(report, remarks);
  const { lookup, status } = request;
  if (!lookup?.foundBy) return status === null ? [] : boundSentences(request);
  const hasOwnTrace = lookup.contextKept === false && lookup.traceID !== null;
  return [
    ...(remarks && hasOwnTrace ? [ownTraceSentence(report.command.traceID)] : []),
    ...(lookup.servedBy === null ? [] : [serverSentence(lookup.servedBy)]),
    ...lookup.reasons.map(({ message }) => message),
  ];
}

const ownTraceSentence = (ours: string | null): string =>
  `The API server started this trace, because it does not accept trace context from this user; the command's own ID is ${ours}.`;

function serverSentence({ instanceID, host, replicas }: ServedBy): string {
  return `Served by the API server ${host === null ? instanceID : `on ${host}`}, one of ${replicas}.`;
}

/**
 * Without a trace, the client's own measurement is still an upper limit of the server's time. The headline has it, except
 * for a request that failed.
 */
function boundSentences(request: RequestReport): string[] {
  const { auditID, priorityLevel, flowSchema } = request;
  const sentences: string[] = [];
  const bound = serverBound(request);
  if (bound !== null && isFailure(request))
    sentences.push(`The server and etcd together took at most ${formatDuration(bound)}.`);
  const level = priorityLevel === null ? '' : `, priority level ${nameOrUID(priorityLevel)}`;
  const schema = flowSchema === null ? '' : `, flow schema ${nameOrUID(flowSchema)}`;
  if (auditID !== null) sentences.push(`The audit log has this request under Audit-Id ${auditID}${level}${schema}.`);
  return sentences.length === 0 ? [] : [sentences.join(' ')];
}

/** True if a server's spans were found, so the time can be shown by component. */
export function hasTimes(report: Report): boolean {
  const request = mainRequest(report);
  if (isRun(report)) return report.requests.some(({ lookup }) => Boolean(lookup?.foundBy));
  return request === undefined || Boolean(request.lookup?.foundBy);
}
