import type { PodFacts } from '../facts.ts';
import type { Cause, NextStep } from '../verdict.ts';
import { inNamespace } from './evidence.ts';

const KINDS = { MissingConfigMap: ['configmap', 'ConfigMap'], MissingSecret: ['secret', 'Secret'] } as const;

/** A ConfigMap or Secret, or a key of one, that the pod names and that does not exist. */
export function missingObject(
  reason: keyof typeof KINDS,
  message: string,
  facts: PodFacts,
): Pick<Cause, 'message' | 'waitingFor' | 'owner' | 'who' | 'next'> {
  const [kind, title] = KINDS[reason];
  const whole = new RegExp(`${kind} "([^"]+)" not found`, 'i').exec(message)?.[1];
  const [, key, keyed] = new RegExp(`find key (\\S+) in ${title} (?:[^/\\s]+/)?(\\S+)`, 'i').exec(message) ?? [];
  const name = whole ?? keyed ?? /"([^"]+)"/.exec(message)?.[1] ?? '';
  const next: NextStep[] = [{ command: `kubectl get ${kind} ${name}${inNamespace(facts)}`, when: 'is it there now?' }];
  if (key === undefined) {
    const make = kind === 'secret' ? `kubectl create secret generic ${name}` : `kubectl create configmap ${name}`;
    next.push({
      command: `${make}${inNamespace(facts)} --from-literal=KEY=VALUE`,
      when: 'if it is to be made by hand',
    });
  }
  return {
    message: key === undefined ? `there is no ${title} ${name}` : `${title} ${name} has no key ${key}`,
    waitingFor: { kind, name },
    owner: 'author',
    who: `the author of ${title} ${name}, or the manifest's author (wrong name)`,
    next,
  };
}
