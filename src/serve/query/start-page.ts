import type { ServerResponse } from 'node:http';
import type { Clock } from '../../runtime.ts';
import type { StoredTrace, TraceReader } from '../../store/trace-reader.ts';
import type { Turns } from '../../store/turns.ts';
import type { Pages, TraceList } from './page.ts';
import { filledIn, LISTED_TRACES, listQuery } from './list-query.ts';
import { BadQuery } from './parameters.ts';
import type { Sending } from './send-pieces.ts';
import { summaries } from './summary.ts';

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
  const query = filledIn(parameters);
  const services = await turns.run(reader.services(), how);
  let found: readonly StoredTrace[] = [];
  let about: Pick<TraceList, 'limit' | 'isSearch' | 'problem'> = { limit: LISTED_TRACES, isSearch: true };
  try {
    const { search, limit } = listQuery(query, sources.clock.now());
    about = { limit, isSearch: search !== undefined };
    found = search === undefined ? reader.recent(limit) : await turns.run(reader.search(search), how);
  } catch (error) {
    if (!(error instanceof BadQuery)) throw error;
    about = { ...about, problem: error.message };
  }
  const traces = await turns.run(summaries(found), how);
  await pages.sendList(response, { services, query, traces, ...about }, sending);
}
