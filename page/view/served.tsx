import { useEffect, useState } from 'preact/hooks';
import { contentOf, type Content } from '../model/content.ts';
import { readSpans, servedDocument, servedVerdict, type ServedSpans } from '../model/served-document.ts';
import type { TraceID } from '../../src/trace/ids.ts';
import { epochNanos } from '../../src/trace/time.ts';
import { follow, STATE_WORDS, type LiveState } from '../live.ts';
import { App } from './app.tsx';
import { Failure } from './failure.tsx';

/** A trace of a server. */
export interface ServedAddress {
  readonly traceID: TraceID;
  readonly version: string;
}

/** A trace of `serve`: its page follows the spans that arrive, and what was chosen in it stays. */
export function ServedTrace({ traceID, version }: ServedAddress) {
  const [content, setContent] = useState<Content>();
  const [state, report] = useState<LiveState>('live');
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let served: ServedSpans | undefined;
    const draw = (): void => {
      if (served === undefined) return;
      const next = contentOf(servedDocument(served));
      document.title = `${next.title} — kubectl trace`;
      setContent(next);
    };
    const following = follow(`/api/v3/traces/${traceID}`, {
      take: async (response) => {
        const spans = readSpans(await response.json());
        served = { traceID, version, spans, ...timesOf(response) };
        draw();
      },
      // A trace settles when nothing comes.
      unchanged: (response) => {
        if (served === undefined) return;
        const next = { ...served, ...timesOf(response) };
        const isOther = servedVerdict(next) !== servedVerdict(served);
        served = next;
        if (isOther) draw();
      },
      report,
    });
    following.catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  }, [traceID]);
  if (problem !== undefined) return <Failure message={problem} hint="Load the page again." />;
  if (content === undefined) return <p class="line">Reading the trace…</p>;
  return <App content={content} live={STATE_WORDS[state]} />;
}

/** By the clock of the server, which says when the newest spans came: to the second, so that the later one counts. */
function timesOf({ headers }: Response): Pick<ServedSpans, 'quietMillis' | 'now'> {
  const now = Date.parse(headers.get('date') ?? '');
  const arrived = Date.parse(headers.get('last-modified') ?? '');
  const quietMillis = Math.max(0, now - arrived - 1000) || 0;
  return { quietMillis, now: epochNanos(BigInt(now || 0) * 1_000_000n) };
}
