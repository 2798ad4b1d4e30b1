import type { PodReport } from '../../report/pod-report.ts';
import { liveLine } from '../../render/pod/live-line.ts';
import { plainWidth } from '../../render/terminal/width.ts';
import type { Runtime } from '../../runtime.ts';
import { statusLine } from '../../tracing/status-line.ts';

export interface LiveScreen {
  /** Writes the state over the one before. */
  draw(report: PodReport, trouble: string | undefined): void;
  /** Removes the line: the last picture takes its place. */
  clear(): void;
}

/** The state of what is followed, in one line of a terminal; a pipe gets the last picture alone. */
export function liveScreen({ out, outTerminal }: Pick<Runtime, 'out' | 'outTerminal'>): LiveScreen {
  const line = statusLine(out, outTerminal, plainWidth);
  return {
    draw(report, trouble) {
      if (!outTerminal.isTTY || outTerminal.isDumb === true) return;
      line.show(trouble === undefined ? liveLine(report) : 'the API server does not respond; trying again');
    },
    clear: line.clear,
  };
}
