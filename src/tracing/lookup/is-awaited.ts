import type { RequestReport } from '../../report/report.ts';

/** Parts of an object that are a conversation, as long as the client likes. */
const CONVERSATIONS = new Set(['attach', 'exec', 'portforward', 'proxy']);

/** A request that goes on until its client ends it: its server's span ends with it, or never comes at all. */
function isLongRunning({ query, subresource, status }: RequestReport): boolean {
  if (status === 101 || CONVERSATIONS.has(subresource ?? '')) return true;
  const parameters = new URLSearchParams(query);
  return ['watch', 'follow'].some((name) => /^(1|t|true)$/i.test(parameters.get(name) ?? ''));
}

/** The user's own requests. A watch of this tool has ended with the command, and so has its server's span. */
export const isUserRequest = ({ purpose }: RequestReport): boolean => purpose === 'request';

/**
 * The requests of another client whose traces are waited for: none that may still go on, and discovery only where the
 * client sent nothing else.
 */
export function isAwaitedOfClient(requests: readonly RequestReport[]): (request: RequestReport) => boolean {
  const all = !requests.some(isUserRequest);
  return (request) => (all || isUserRequest(request)) && !isLongRunning(request);
}
