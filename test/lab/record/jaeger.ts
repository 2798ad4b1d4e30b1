import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Truth } from './fixture.ts';

/** Three export delays of the recorder's cluster and a good deal more. */
const quietMillis = 3_000;

/** Jaeger's responses as text. It has two query APIs: v1 with microseconds, v3 with OTLP and nanoseconds. */
export class JaegerAnswers {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  byIDv1(traceID: string): Promise<Answer<string>> {
    return this.#get(`/api/traces/${traceID}?raw=true`);
  }

  /** The parameter was renamed between Jaeger versions. */
  byIDv3(traceID: string): Promise<Answer<string>> {
    return this.#get(`/api/v3/traces/${traceID}?raw_traces=true&rawTraces=true`);
  }

  /** The API server's traces in which one span has this attribute, from a second before the request on. */
  search(truth: Pick<Truth, 'start' | 'end'>, name: string, value: string): Promise<Answer<string>> {
    const micros = (nanos: string): bigint => BigInt(nanos) / 1000n;
    const query = new URLSearchParams({
      service: 'apiserver',
      tags: JSON.stringify({ [name]: value }),
      start: String(micros(truth.start) - 1_000_000n),
      end: String(micros(truth.end) + 1_000_000n),
      limit: '5',
    });
    return this.#get(`/api/traces?${query}`);
  }

  /** Resolves when the responses to all of `questions` have had the same number of spans for a while. */
  async untilQuiet(questions: readonly (() => Promise<Answer<string>>)[]): Promise<void> {
    let last = '';
    for (let since = Date.now(); Date.now() - since < quietMillis; await sleep(250)) {
      const counts: number[] = [];
      for (const ask of questions) counts.push((await ask()).body.split('"spanI').length);
      const now = counts.join();
      if (now !== last) since = Date.now();
      last = now;
    }
  }

  async #get(url: string): Promise<Answer<string>> {
    const response = await fetch(this.#base + url);
    return { url, status: response.status, body: (await response.text()).trim() };
  }
}

/** The trace IDs in a v1 response. */
export function traceIDs({ body }: Answer<string>): string[] {
  const { data } = JSON.parse(body) as { data: { traceID: string }[] | null };
  return (data ?? []).map(({ traceID }) => traceID);
}
