import { readRecordings, type Answer } from '../lab/record/fixture.ts';

const NOTHING = { data: [], total: 0, limit: 0, offset: 0, errors: null };

/**
 * Responds as the trace backend did when a request was recorded, `1.37/admin-list.json`: traces by their ID, searches
 * by their tags, and nothing to every other search.
 */
export function recordedFetch(name: string): typeof globalThis.fetch & { readonly asked: readonly string[] } {
  const recording = readRecordings().find((one) => one.name === name)?.recording;
  if (recording === undefined) throw new Error(`nothing is recorded as ${name}`);
  const asked: string[] = [];
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    asked.push(url.pathname + url.search);
    return answerFrom(recording.answers, url);
  };
  return Object.assign(fetch, { asked });
}

/** A recorded response; nothing found where none was recorded. */
export function answerFrom(answers: readonly Answer[], url: URL): Response {
  const answer = answers.find((one) => isSameQuestion(one, url));
  if (answer !== undefined) return Response.json(answer.body, { status: answer.status });
  // Jaeger's UI responds to every path that its API does not have.
  return /^\/api\/(traces|services)\b/.test(url.pathname) ? Response.json(NOTHING) : new Response('<!doctype html>');
}

function isSameQuestion(answer: Answer, { pathname, searchParams }: URL): boolean {
  const recorded = new URL(answer.url, 'http://backend.test');
  return recorded.pathname === pathname && recorded.searchParams.get('tags') === searchParams.get('tags');
}
