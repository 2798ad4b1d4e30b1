import type { Readable, Writable } from 'node:stream';

/** Hears when the target takes no more, and when it does again. */
interface Holding {
  readonly held?: () => void;
  readonly resumed?: () => void;
}

/**
 * Passes all data of a stream on, and its end; where the target is slow, the source waits. Not by Readable.pipe(), which
 * compares its target with process.stdout and so opens it: a pipe or socket stops blocking then, for the command too,
 * which has the same standard output and would lose what it writes faster than that is read.
 */
export function passOn(from: Readable, to: Writable, { held, resumed }: Holding = {}): void {
  const hold = (): void => {
    from.pause();
    held?.();
  };
  const take = (chunk: Buffer): void => {
    if (!to.write(chunk)) hold();
  };
  const end = (): void => void to.end();
  const resume = (): void => {
    resumed?.();
    from.resume();
  };
  const stop = (): void => {
    from.off('data', take).off('end', end);
    to.off('drain', resume);
    from.pause();
  };
  from.on('data', take).once('end', end);
  to.on('drain', resume).once('close', stop).once('error', stop);
  if (to.writableNeedDrain) hold();
}
