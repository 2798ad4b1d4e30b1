import { commonArguments, SHOWING_FLAGS } from '../../cli/arguments.ts';
import type { Flag } from '../../cli/flag.ts';
import { FOLLOW_FLAGS } from '../../cli/options/follow.ts';
import { SELECTION_FLAGS } from '../../cli/options/selection.ts';
import { defineCommand } from '../command.ts';
import { parsePod, type PodInvocation } from './arguments.ts';

/** kubectl's name for it. */
const WATCH: Flag = { name: 'watch', alias: 'w', type: 'boolean', group: 'watch', help: 'Same as --follow' };

/** `pod`. */
export const pod = defineCommand<PodInvocation>({
  summary: 'Show the lifecycle of a pod, from its creation to Ready, or where and why it is stuck',
  usage: ['pod', 'pod NAME...', 'pod TYPE/NAME'],
  examples: [
    ['Show a pod as it is now', 'pod web'],
    ['List the pods that are not well in all namespaces, the worst first', 'pod -A'],
    ['List those with a label in the current namespace', 'pod -l app=web'],
    ['List those behind a Service, with its endpoints', 'pod svc/web'],
    ['Follow a rollout until "kubectl rollout status" would return', 'pod deployment/web --follow'],
    ['Print why a pod is stuck, for a script', "pod web -o jsonpath='{.verdict.reason}'"],
  ],
  common: ['all-namespaces', 'selector', 'follow', 'watch', 'until-stuck', 'output', 'backend'],
  flags: [...SELECTION_FLAGS, ...FOLLOW_FLAGS, WATCH, ...SHOWING_FLAGS],
  parse: (line) => ({ kind: 'pod', ...commonArguments(line), ...parsePod(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runPod,
  errorDocument: async ({ resource, name, selection, connection }, report) => {
    const { podErrorDocument } = await import('./error-document.ts');
    const isOfAll = selection?.kind === 'all' && selection.allNamespaces;
    return podErrorDocument(report, { resource, name, namespace: isOfAll ? null : (connection.namespace ?? null) });
  },
});
