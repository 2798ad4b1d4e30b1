import type { Report, RequestReport } from '../../src/report/report.ts';
import { nanos } from '../../src/trace/time.ts';
import { nodesRequest, reportOf } from './reports.ts';
import { spanID } from './spans.ts';
import { timeline, type Timed } from './timeline.ts';

/**
 * A command whose request was sent several times: a duration in milliseconds for each, half of it in the handler. `pause`
 * is the time between two of them, in milliseconds too.
 */
export function repeated(millis: readonly number[], pause = 0): Report {
  let start = -pause;
  const runs = millis.map((duration): Timed => {
    const from = start + pause;
    start = from + duration;
    const handler: Timed = { name: 'List', from: from + duration / 4, to: from + (duration * 3) / 4 };
    const server: Timed = {
      name: 'GET /api/v1/nodes',
      service: 'apiserver',
      kind: 'server',
      from,
      to: start,
      below: [handler],
    };
    return { name: 'GET', kind: 'client', source: 'client', from, to: start, below: [server] };
  });
  const trace = timeline({
    name: 'kubectl trace',
    service: 'kubectl-trace',
    source: 'client',
    from: 0,
    to: start,
    below: runs,
  });
  const requests = millis.map((duration, index): RequestReport => ({
    ...nodesRequest,
    spanID: spanID((0xc1 + 3 * index).toString(16)),
    durationNanos: nanos(duration * 1e6),
  }));
  const report = reportOf(trace, { requests });
  return { ...report, command: { ...report.command, args: ['get', 'nodes', '--repeat', String(millis.length)] } };
}
