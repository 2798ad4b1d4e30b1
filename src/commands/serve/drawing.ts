import type { Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import type { Drawing } from '../../serve/query/drawing.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';

/** Width of a text for a client that is no browser. */
const COLUMNS = 160;

const NO_TERMINAL = { isTTY: false, columns: undefined };

/** A trace as `show` draws it, and the list of traces. Loaded when it is needed: a receiver needs none of it. */
export async function loadDrawing(version: string, { platform }: Pick<Runtime, 'platform'>): Promise<Drawing> {
  const { spansReport, servedTrace } = await import('../../report/spans-report.ts');
  const { OUTPUTS } = await import('../../render/outputs.ts');
  const { chooseLook } = await import('../../render/look.ts');
  const { servedPage } = await import('../../page/served.ts');
  const { judgeTrace } = await import('./judge.ts');
  const { isSettled } = await import('./list-rows.ts');
  const { traceListPage, traceListUpdate } = await import('./trace-list.ts');
  const look = chooseLook(
    { color: 'never', ascii: false, width: COLUMNS },
    { outTerminal: NO_TERMINAL, env: {}, platform },
  );
  const shown = (traceID: TraceID, spans: readonly Span[]) => servedTrace({ traceID, spans, version, verdict: null });
  const reportOf = (traceID: TraceID, spans: readonly Span[]): Report => spansReport(shown(traceID, spans));
  return {
    text: (traceID, spans) => OUTPUTS.tree()(reportOf(traceID, spans), look),
    page: (traceID) => servedPage({ traceID, version }),
    list: traceListPage,
    update: traceListUpdate,
    judge: (traceID, spans) => judgeTrace(shown(traceID, spans)),
    hasSettled: isSettled,
  };
}
