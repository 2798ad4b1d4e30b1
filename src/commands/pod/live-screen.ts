import type { PodReport } from '../../report/pod-report.ts';
import { liveLine } from '../../render/pod/live-line.ts';
import { plainWidth, truncate, widthOf } from '../../render/terminal/width.ts';
import type { Runtime } from '../../runtime.ts';

export interface LiveScreen {
  /** Writes the state over the one before; nothing where it is the same. */
  draw(report: PodReport, trouble: string | undefined): void;
  /** Removes the line: the last picture takes its place. */
  clear(): void;
}

const COLUMNS = 80;

/**
 * One line that changes in its place, on a terminal alone; a pipe gets the last picture. The line is overwritten rather than
 * erased before, so that it does not flicker. The last column stays free: a full line would wrap on some terminals.
 */
export function liveScreen({ out, outTerminal }: Pick<Runtime, 'out' | 'outTerminal'>): LiveScreen {
  let drawn = '';
  /** To the beginning of the line, which a terminal that was made narrower has wrapped. */
  const back = (): string => {
    const rows = Math.ceil(widthOf(drawn, plainWidth) / (outTerminal.columns || COLUMNS));
    return rows > 1 ? `\u001b[${rows - 1}A\r\u001b[J` : '\r';
  };
  return {
    draw(report, trouble) {
      if (!outTerminal.isTTY) return;
      const text = trouble === undefined ? liveLine(report) : 'the API server does not respond; trying again';
      const line = truncate(text, (outTerminal.columns || COLUMNS) - 1, '…', plainWidth);
      if (line === drawn) return;
      out.write(`${drawn === '' ? '' : back()}${line}\u001b[K`);
      drawn = line;
    },
    clear() {
      if (drawn !== '') out.write(`${back()}\u001b[K`);
      drawn = '';
    },
  };
}
