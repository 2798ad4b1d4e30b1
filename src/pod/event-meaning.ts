import type { EventMeaning } from './event-kind.ts';
import { EVENT_MEANINGS } from './event-table.ts';

const BY_REASON = new Map(
  EVENT_MEANINGS.flatMap((meaning) => meaning.says.map((reason) => [reason, meaning] as const)),
);

/** Undefined for reasons of other components. */
export const meaningOf = (reason: string): EventMeaning | undefined => BY_REASON.get(reason);

/** Whether an event marks a failed step: a Warning whose reason is progress or neutral does not. */
export const isTrouble = ({ reason, warning }: { readonly reason: string; readonly warning: boolean }): boolean =>
  warning && (meaningOf(reason)?.kind ?? 'trouble') === 'trouble';
