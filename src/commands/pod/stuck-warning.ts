import { escapeText } from '../../render/escape.ts';
import type { PodReport } from '../../report/pod-report.ts';
import type { Runtime } from '../../runtime.ts';

/**
 * Says on standard error that a workload is stuck while it is followed: a pipe gets no picture before the end, which may
 * be minutes away. Each cause is reported once.
 */
export function stuckWarnings({ err, outTerminal }: Pick<Runtime, 'err' | 'outTerminal'>): (report: PodReport) => void {
  const reported = new Set<string>();
  return ({ workload, verdict, error }) => {
    if (outTerminal.isTTY || workload === null || error === null || verdict?.state !== 'stuck') return;
    const key = `${verdict.reason} ${verdict.cause?.waitingFor.kind} ${verdict.cause?.waitingFor.name}`;
    if (reported.has(key)) return;
    reported.add(key);
    err.write(`Warning: ${escapeText(error.message)}\n`);
  };
}
