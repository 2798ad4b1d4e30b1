import { parseSchedulingMessage } from '../../../src/pod/scheduling/message.ts';
import { isDeviceSentence, readPreemption } from '../../../src/pod/scheduling/preemption.ts';
import { readMessage } from '../../../src/pod/scheduling/table.ts';

/** A message of the scheduler's source with the verbs of Go's fmt, the packages and the versions of Kubernetes that have it. */
export interface SourceMessage {
  readonly text: string;
  readonly packages: readonly string[];
  readonly versions: readonly string[];
}

/** A message of a template, as a pod could have it. */
export const sampleOf = (template: string): string =>
  template
    .replace('0/%v nodes', '0/3 nodes')
    .replaceAll('%q', '"web-1"')
    .replaceAll('%d', '3')
    .replaceAll(/%[+#]?[a-zA-Z]/g, 'web-1');

/** Whether the tables of src/pod/scheduling/ have a template. */
export function isKnown(template: string): boolean {
  const message = sampleOf(template);
  if (parseSchedulingMessage(message).nodes !== null) return true;
  if (/^(pod group )?preemption: %v$/.test(template)) {
    return parseSchedulingMessage(`0/1 nodes are available: 1 Too many pods. ${message}`).afterwards === message;
  }
  return readMessage(message) !== undefined || readPreemption(message) !== undefined || isDeviceSentence(message);
}
