import { commonArguments, SHOWING_FLAGS } from '../../cli/arguments.ts';
import { FOLLOW_FLAGS } from '../../cli/options/follow.ts';
import { defineCommand } from '../command.ts';
import { parsePod, type PodInvocation } from './arguments.ts';

/** `kubectl trace pod`. */
export const pod = defineCommand<PodInvocation>({
  summary: 'Show the life of a pod, from its creation to Ready or to where it is stuck, and why',
  usage: ['pod NAME', 'pod TYPE/NAME'],
  examples: [
    ['What is known of a pod now', 'kubectl trace pod web'],
    ['A rollout, until `kubectl rollout status` would end', 'kubectl trace pod deployment/web --follow'],
    ['For a script: where is it stuck?', "kubectl trace pod web -o jsonpath='{.verdict.reason}'"],
  ],
  flags: [...FOLLOW_FLAGS, ...SHOWING_FLAGS],
  parse: (line) => ({ kind: 'pod', ...commonArguments(line), ...parsePod(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runPod,
  errorDocument: async ({ resource, name, connection }, report) => {
    const { podErrorDocument } = await import('./error-document.ts');
    return podErrorDocument(report, { resource, name, namespace: connection.namespace ?? null });
  },
});
