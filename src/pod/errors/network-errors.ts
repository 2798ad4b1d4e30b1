import { shell } from '../../format/shell-command.ts';
import { runtimeInfo } from '../node-commands.ts';
import type { NextStep } from '../verdict.ts';
import type { ErrorContext, KnownError } from './known-error.ts';

const pluginPods = ({ node }: ErrorContext): NextStep => ({
  command: shell`kubectl get pods -A -o wide --field-selector spec.nodeName=${node}`,
  when: 'is its network plugin running?',
});

/** Network plugins (CNI): the reference plugins (containernetworking/plugins), and what others write for the same. */
export const NETWORK_ERRORS: readonly KnownError[] = [
  {
    example: 'failed to assign an IP address to container; no IP addresses available in range set',
    pattern:
      /failed to assign an IP address to container|no (?:more )?(?:IP|IPs|IP addresses|addresses|free IPs?)[\w ]* available[^;]*|(?:IP|address) pool[\w ]* (?:is )?(?:exhausted|full)|(?:failed to|unable to) allocate (?:an? )?(?:IP|address)[^;]*/i,
    message: ([why], { node }) => `node ${node} has no free IP address for the pod: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) =>
      `the administrator of the network plugin of node ${node} (size of the address range, addresses that were never released)`,
    next: (context) => [
      pluginPods(context),
      { command: shell`kubectl get node ${context.node} -o jsonpath='{.spec.podCIDRs}'`, when: 'its address range' },
    ],
  },
  {
    example: 'Multus: error getting k8s network: cannot find a network-attachment-definition (macvlan)',
    pattern: /(?:cannot find a )?network-attachment-definition \(?([\w./-]+)\)?[^;]*|netattachdef "([^"]+)" not found/,
    message: ([, name = '', otherName = '']) => `there is no NetworkAttachmentDefinition ${name || otherName}`,
    owner: 'author',
    who: () => "the manifest's author (annotation k8s.v1.cni.cncf.io/networks), or the author of that definition",
    next: () => [{ command: shell`kubectl get network-attachment-definitions -A`, when: 'to see which exist' }],
  },
  {
    example: 'failed to find plugin "bridge" in path [/opt/cni/bin]',
    pattern: /failed to find plugin "([^"]+)" in path \[([^\]]*)\]/,
    message: ([, plugin = '', path = ''], { node }) =>
      `node ${node} does not have the CNI program ${plugin} in ${path}`,
    owner: 'cluster-admin',
    who: ({ node }) => `the administrator of the network plugin of node ${node}`,
    next: (context, [, , path = '']) => [
      { command: shell`ls ${path.split(' ')}`, when: `on node ${context.node}` },
      pluginPods(context),
      runtimeInfo(context.snapshot),
    ],
  },
];
