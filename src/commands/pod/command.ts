import { commonArguments, SHOWING_FLAGS } from '../../cli/arguments.ts';
import { FOLLOW_FLAGS } from '../../cli/options/follow.ts';
import { defineCommand } from '../command.ts';
import { parsePod, type PodInvocation } from './arguments.ts';

/** `kubectl trace pod`. */
export const pod = defineCommand<PodInvocation>({
  summary: 'Show the lifecycle of a pod, from its creation to Ready, or where and why it is stuck',
  usage: ['pod NAME', 'pod TYPE/NAME'],
  examples: [
    ['Show a pod as it is now', 'kubectl trace pod web'],
    ['Follow a rollout until "kubectl rollout status" would return', 'kubectl trace pod deployment/web --follow'],
    ['Print why a pod is stuck, for a script', "kubectl trace pod web -o jsonpath='{.verdict.reason}'"],
  ],
  common: ['follow', 'until-stuck', 'timeout', 'output', 'backend', 'wait'],
  flags: [...FOLLOW_FLAGS, ...SHOWING_FLAGS],
  parse: (line) => ({ kind: 'pod', ...commonArguments(line), ...parsePod(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runPod,
  errorDocument: async ({ resource, name, connection }, report) => {
    const { podErrorDocument } = await import('./error-document.ts');
    return podErrorDocument(report, { resource, name, namespace: connection.namespace ?? null });
  },
});
