import { noPart, shell, shellPart } from '../../format/shell-command.ts';
import type { Container } from '../containers.ts';
import type { Explanation } from '../errors/known-error.ts';
import { runtimeLog } from '../node-commands.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Cause, NextStep } from '../verdict.ts';
import { describe, inNamespace } from './evidence.ts';
import { moreMemory } from './memory.ts';

/** The next steps for a container that ended with an error, beside those that its known error text advises. */
export function nextOf(
  reason: Cause['reason'],
  container: Container,
  snapshot: PodSnapshot,
  known: Explanation | undefined,
): NextStep[] {
  const { name, init } = container;
  const previous = snapshot.pod.phase === 'Failed' ? noPart : shellPart` --previous`;
  const logs: NextStep = {
    command: shell`kubectl logs ${snapshot.pod.name}${inNamespace(snapshot)} -c ${name}${previous}`,
    when: 'for its complete log',
  };
  // The program has never run: what there is to read is the runtime's.
  if (reason === 'ContainerCreate') {
    return known === undefined || known.next.length === 0
      ? [runtimeLog(snapshot), describe(snapshot)]
      : [describe(snapshot)];
  }
  if (reason === 'OOMKilled' && !init) {
    return [...moreMemory(container, snapshot), logs];
  }
  return [logs, describe(snapshot)];
}
