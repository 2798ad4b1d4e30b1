import type { Clock } from '../runtime.ts';
import type { ServeCredentials } from './credentials.ts';
import type { Listener } from './listen.ts';

/** The kubelet writes a changed Secret within about a minute; a look at three files takes less than a millisecond. */
const RENEWAL_MILLIS = 10_000;

/** Reads certificate and token again and again. With files that cannot be used the earlier ones stay in use. */
export async function renewCredentials(
  credentials: ServeCredentials,
  parts: {
    readonly listeners: readonly Listener[];
    readonly clock: Clock;
    readonly say: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { listeners, clock, say, signal } = parts;
  let problem = '';
  while (!signal.aborted) {
    await clock.sleep(RENEWAL_MILLIS, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      if (credentials.readAgain()) {
        for (const listener of listeners) listener.renew();
        say('Using the renewed certificate and token');
      }
      problem = '';
    } catch (error) {
      const { message } = error as Error;
      // Both files of a pair are written one after the other: the next look may find them complete.
      if (message !== problem) say(`note: the earlier certificate and token stay in use: ${message}`);
      problem = message;
    }
  }
}
