import type { ServerResponse } from 'node:http';
import type { Clock } from '../../runtime.ts';
import type { StoredTrace, TraceReader } from '../../store/trace-reader.ts';
import type { Turns } from '../../store/turns.ts';
import type { Pages, TraceList } from './page.ts';
import { BadQuery, v1Query } from './parameters.ts';
import type { Sending } from './send-pieces.ts';
import { summaries } from './summary.ts';

/** Traces of one list: a screen or two. */
const MAX_TRACES = 50;

interface StartPageSources {
  readonly reader: TraceReader;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly pages: Pages;
}

/** The start page of a browser: the latest traces, or those that its form searches for. */
export async function sendStartPage(
  response: ServerResponse,
  parameters: URLSearchParams,
  sources: StartPageSources,
  sending: Sending,
): Promise<void> {
  const { reader, turns, pages } = sources;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const how = { meter: sending.meter, signal: gone.signal };
  // A form sends what is not filled in as well.
  const query = new URLSearchParams([...parameters].filter(([, value]) => value !== ''));
  const services = await turns.run(reader.services(), how);
  let found: readonly StoredTrace[] = [];
  let problem: Pick<TraceList, 'problem'> = {};
  try {
    const isSearch = query.size > 0;
    found = isSearch
      ? await turns.run(reader.search({ ...v1Query(query, sources.clock.now()), limit: MAX_TRACES }), how)
      : reader.recent(MAX_TRACES);
  } catch (error) {
    if (!(error instanceof BadQuery)) throw error;
    problem = { problem: error.message };
  }
  const traces = await turns.run(summaries(found), how);
  await pages.sendList(response, { services, query, traces, isSearch: query.size > 0, ...problem }, sending);
}
