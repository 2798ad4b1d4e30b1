import type { Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import type { Drawing } from '../../serve/query/page.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';

/** Width of a text in a browser, which has room. */
const COLUMNS = 160;

const NO_TERMINAL = { isTTY: false, columns: undefined };

/** A trace as `show` draws it, and as its `-o html`; and the list of traces. Loaded when it is needed: a receiver needs none of it. */
export async function loadDrawing(version: string, { platform }: Pick<Runtime, 'platform'>): Promise<Drawing> {
  const { spansReport } = await import('../show/spans.ts');
  const { OUTPUTS } = await import('../../render/outputs.ts');
  const { chooseLook } = await import('../../render/look.ts');
  const { servedPolicy } = await import('../../page/write.ts');
  const { traceListPage } = await import('./trace-list.ts');
  const look = chooseLook(
    { color: 'never', ascii: false, width: COLUMNS },
    { outTerminal: NO_TERMINAL, env: {}, platform },
  );
  const shown = { from: 'kubectl trace serve', waitedNanos: null };
  const found = { shown, version, verdict: null, backend: null, error: null };
  const reportOf = (traceID: TraceID, spans: readonly Span[]): Report =>
    spansReport({ ...found, traceID, spans, args: ['show', traceID] });
  return {
    text: (traceID, spans) => OUTPUTS.tree()(reportOf(traceID, spans), look),
    page: async (traceID, spans) => ({
      html: await OUTPUTS.html()(reportOf(traceID, spans)),
      policy: await servedPolicy(),
    }),
    list: traceListPage,
  };
}
