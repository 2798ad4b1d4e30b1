import { shell } from '../../format/shell-command.ts';
import { explain, type ErrorContext, type KnownError } from '../errors/known-error.ts';
import { NETWORK_ERRORS } from '../errors/network-errors.ts';
import { RUNTIME_ERRORS } from '../errors/runtime-errors.ts';
import { VOLUME_ERRORS } from '../errors/volume-errors.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import { platformOf, runtimeInfo, runtimeLog } from '../node-commands.ts';
import type { Reason } from '../reason.ts';
import type { Cause } from '../verdict.ts';
import { describe, inNamespace, shortened } from './evidence.ts';
import { missingObject } from './missing-object.ts';

/** Where an error text about a pod, or one of its containers, was found. */
export const contextOf = (
  snapshot: PodSnapshot,
  { image = '', name = '' }: { readonly image?: string; readonly name?: string } = {},
): ErrorContext => ({
  snapshot,
  node: snapshot.pod.node ?? '?',
  image,
  container: name,
  platform: platformOf(snapshot) ?? "the node's platform",
});

type Explained = Omit<Cause, 'stage' | 'since' | 'evidence'>;

/** A step that the node takes before the first container: a volume, a device, the network or the sandbox. */
export function nodeStepCause(reason: Reason, text: string, snapshot: PodSnapshot): Explained {
  const base = {
    reason,
    proven: true,
    final: false,
    owner: 'cluster-admin',
    message: shortened(withoutFrame(text)),
  } as const;
  const node = snapshot.pod.node ?? '?';
  switch (reason) {
    case 'MissingConfigMap':
    case 'MissingSecret':
      return { ...base, ...missingObject(reason, text, snapshot) };
    case 'VolumeAttach':
    case 'VolumeMount':
      return {
        ...base,
        waitingFor: { kind: 'volume', name: volumeOf(text) },
        who: 'the administrator of the volume or of its driver',
        next: [
          { command: shell`kubectl get pvc,pv${inNamespace(snapshot)}`, when: 'to see what is bound' },
          describe(snapshot),
        ],
        ...known(VOLUME_ERRORS, text, snapshot),
      };
    case 'ResourceClaim':
      return {
        ...base,
        waitingFor: { kind: 'resourceclaim', name: /resource ?claim[s]? "?([\w./-]+)/i.exec(text)?.[1] ?? '' },
        who: `the resource driver of node ${node}`,
        next: [
          { command: shell`kubectl get resourceclaims${inNamespace(snapshot)}`, when: 'are they allocated?' },
          {
            command: shell`kubectl get resourceslices --field-selector spec.nodeName=${node}`,
            when: 'does the driver offer devices?',
          },
        ],
      };
    case 'Network':
      return {
        ...base,
        waitingFor: { kind: 'network', name: node },
        who: `the network plugin (CNI) of node ${node}`,
        next: [
          {
            command: shell`kubectl get pods -n kube-system -o wide --field-selector spec.nodeName=${node}`,
            when: 'is its network plugin running?',
          },
          runtimeInfo(snapshot),
        ],
        ...known(NETWORK_ERRORS, text, snapshot),
      };
    default:
      return {
        ...base,
        waitingFor: { kind: 'runtime', name: node },
        who: `the container runtime of node ${node}`,
        next: [runtimeLog(snapshot), describe(snapshot)],
        ...known(RUNTIME_ERRORS, text, snapshot),
      };
  }
}

/** A known error text replaces the general words of its step. */
function known(errors: readonly KnownError[], text: string, snapshot: PodSnapshot): Partial<Explained> {
  const found = explain(errors, text, contextOf(snapshot));
  if (found === undefined) return {};
  const { message, owner, who, next, waitingFor } = found;
  return {
    message: shortened(message),
    owner,
    who,
    next: [...next, describe(snapshot)],
    ...(waitingFor !== undefined && { waitingFor }),
  };
}

/** A summary names several; the first one is shown. */
const volumeOf = (text: string): string =>
  /for volume "([^"]+)"/.exec(text)?.[1] ?? /unmounted volumes=\[([^\s\],]+)/.exec(text)?.[1] ?? '';

/** The kubelet's own frame around what really went wrong says nothing new. */
const withoutFrame = (message: string): string =>
  message.replace(/^Failed to create pod sandbox: /, '').replace(/^rpc error: code = \w+ desc = /, '');
