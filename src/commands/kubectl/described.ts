import type { RequestReport } from '../../report/report.ts';
import { bodyOf } from '../../tracing/response.ts';
import type { SentRequests } from '../../tracing/sent-requests.ts';
import type { RelayedCommand } from '../run/relayed.ts';
import type { NativeVerb } from './flags.ts';

/** The requests with the responses that they got, for `requests[].body`. */
export const withBodies = (sent: SentRequests, { recorder }: RelayedCommand): SentRequests => ({
  ...sent,
  requests: sent.requests.map((request, index) => {
    const exchange = recorder.exchanges[index];
    return exchange === undefined ? request : { ...request, body: bodyOf(exchange) };
  }),
});

/** `deployment.apps/web configured`, `configmap "web" deleted from shop namespace` */
const LINE = /^[\w.-]+(?:\/(\S+)| "([^"]+)") .+$/;

/**
 * The requests of a write with kubectl's lines: each line with the last request that names its object, and with the last
 * request at all where none does.
 */
export function withOutcomes(sent: SentRequests, output: string, verb: NativeVerb): SentRequests {
  if (verb === 'get') return sent;
  const requests: RequestReport[] = [...sent.requests];
  for (const line of output.split('\n')) {
    const [, name, quoted] = LINE.exec(line) ?? [];
    const object = name ?? quoted;
    if (object === undefined) continue;
    const isFree = ({ purpose, outcome }: RequestReport): boolean => purpose === 'request' && outcome == null;
    const named = requests.findLastIndex((request) => isFree(request) && request.name === object);
    const created = requests.findIndex((request) => isFree(request) && request.method === 'POST');
    const at = named === -1 || requests[named]?.status === 404 ? created : named;
    if (at !== -1) requests[at] = { ...requests[at]!, outcome: line };
  }
  return { ...sent, requests };
}
