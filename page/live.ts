/** Callbacks of `follow`. */
export interface Following {
  /** Draws a response that has changed. The next request is sent after it has ended. */
  readonly take: (response: Response) => Promise<void>;
  /** Nothing has changed. */
  readonly unchanged?: (response: Response) => void;
  readonly report: (state: LiveState) => void;
}

/** `gone`: the server no longer has it. */
export type LiveState = 'live' | 'unreachable' | 'gone';

/** Between two requests: at first, after a change; and at most, where nothing changes. In milliseconds. */
const MIN_PAUSE_MILLIS = 2000;
const MAX_PAUSE_MILLIS = 10_000;
const SLOWER = 1.3;
/** The pause is at least this many times as long as drawing the last change took. */
const SHARE = 10;

/**
 * Reads an address again and again, one request at a time, and only while the page can be seen. The server responds with
 * 304 where nothing has changed, so that it holds nothing for those who watch. Rejects where the first response is an error.
 */
export async function follow(address: string, { take, unchanged, report }: Following): Promise<void> {
  let tag: string | null = null;
  let pause = MIN_PAUSE_MILLIS;
  const look = async (): Promise<void> => {
    const headers = { accept: 'application/json', ...(tag !== null && { 'if-none-match': tag }) };
    const response = await fetch(address, { headers, cache: 'no-store' });
    if (response.status === 404) throw new Gone();
    if (!response.ok && response.status !== 304) throw new Error(`the server responded with ${response.status}`);
    const began = performance.now();
    if (response.status === 304) unchanged?.(response);
    else await take(response);
    tag = response.headers.get('etag');
    const isSlower = response.status === 304;
    pause = isSlower ? Math.min(pause * SLOWER, MAX_PAUSE_MILLIS) : MIN_PAUSE_MILLIS;
    pause = Math.max(pause, (performance.now() - began) * SHARE);
  };
  await look();
  report('live');
  for (;;) {
    await untilNext(pause);
    try {
      await look();
      report('live');
    } catch (error) {
      pause = MAX_PAUSE_MILLIS;
      report(error instanceof Gone ? 'gone' : 'unreachable');
    }
  }
}

class Gone extends Error {
  override readonly message = 'there is no such trace here';
}

/** Resolves after a pause, or when the page can be seen again; never while it cannot. */
async function untilNext(millis: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      if (document.visibilityState === 'hidden') return;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    document.addEventListener('visibilitychange', end);
  });
}

/** The words of the page for each state. */
export const STATE_WORDS: Readonly<Record<LiveState, string>> = {
  live: 'Updated as spans arrive.',
  unreachable: 'Not updated: kubectl trace serve does not respond. The page tries again.',
  gone: 'Not updated: the server has removed this trace. What it was stays here.',
};
