import type { RequestReport } from '../../report/report.ts';

/**
 * The user's own requests, streams included: a stream has ended with the command, and so has its server's span. A trace is
 * complete only with the spans of its streams.
 *
 *     command        |-----------------------|
 *     watch             |--|.................|  open until the command ends
 *     server's span      |-------------------|  exported afterwards
 */
export const isUserRequest = ({ purpose }: RequestReport): boolean => purpose === 'request';

/** The requests of another client whose traces are waited for: discovery only where the client sent nothing else. */
export function isAwaitedOfClient(requests: readonly RequestReport[]): (request: RequestReport) => boolean {
  const all = !requests.some(isUserRequest);
  return (request) => all || isUserRequest(request);
}
