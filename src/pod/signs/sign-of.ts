import { EVENT_SIGNS } from './event-signs.ts';
import { OBJECT_SIGNS } from './object-signs.ts';
import type { Sign, SignSource } from './sign.ts';

/** Every string of Kubernetes that this program understands; of several that fit the first counts. */
export const SIGNS: readonly Sign[] = [...OBJECT_SIGNS, ...EVENT_SIGNS];

/** The first sign of a source that Kubernetes' word and message are. */
export function signOf(source: SignSource, says: string | undefined, message: string | undefined): Sign | undefined {
  if (says === undefined) return undefined;
  const text = (message ?? '').toLowerCase();
  return SIGNS.find(
    (sign) =>
      sign.source === source &&
      sign.says.includes(says) &&
      (sign.message === undefined || sign.message.some((part) => text.includes(part))),
  );
}
