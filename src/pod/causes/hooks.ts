import type { Container, TerminatedState } from '../containers.ts';
import type { APIEvent } from '../events.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';

/** `Exec lifecycle hook ([cmd]) for Container "c" in Pod "p" failed - error: …, message: "…"` (kuberuntime_container.go). */
export function hookWords(text: string): string {
  const [, kind = 'lifecycle', command = ''] =
    /(Exec|HTTP|Sleep) lifecycle hook \(?(.*?)\)? for Container/i.exec(text) ?? [];
  const [, error = ''] = /error: (.*?)(?:, message: (.*))?$/s.exec(text) ?? [];
  const [, said = ''] = /message: "?(.*?)"?$/s.exec(text) ?? [];
  const why = [error, said].filter((part) => part !== '').join(': ');
  const which = command === '' ? '' : ` (${kind.toLowerCase()} ${command})`;
  return `its postStart hook${which} fails${why === '' ? (text === '' ? '' : `: ${text}`) : `: ${why}`}`;
}

/** The kubelet kills a container whose postStart hook fails: the end is not the program's doing. */
export function hookFailure(
  { name }: Container,
  { startedAt }: TerminatedState,
  { events }: PodSnapshot,
): { readonly words: string; readonly who: string; readonly events: readonly APIEvent[] } | undefined {
  const failures = events.filter(
    (event) =>
      event.reason === 'FailedPostStartHook' &&
      event.container === name &&
      (startedAt === undefined || event.last.at >= startedAt.at),
  );
  const last = failures.at(-1);
  if (last === undefined) return undefined;
  const text = last.message === 'PostStartHook failed' ? '' : last.message;
  return {
    words: `is killed because ${hookWords(text)}`,
    who: "the manifest's author (postStart hook), or the program's author",
    events: failures,
  };
}
