import { shell } from '../../format/shell-command.ts';
import {
  diskUse,
  listContainers,
  listSandboxes,
  pullByHand,
  removeUnusedImages,
  runtimeInfo,
  runtimeLog,
} from '../node-commands.ts';
import { ofNode, waitForNode, type ErrorContext, type KnownError } from './known-error.ts';

const waitForRuntime = ({ node }: ErrorContext): { kind: string; name: string } => ({ kind: 'runtime', name: node });

const attempts = ({ snapshot, container }: ErrorContext): ReturnType<typeof listSandboxes> =>
  container === '' ? listSandboxes(snapshot) : listContainers(snapshot, container);

/** The container runtime does not respond to the kubelet, whatever the call was. */
export const RUNTIME_DOWN: KnownError = {
  example: 'dial unix /run/containerd/containerd.sock: connect: connection refused',
  pattern: /dial unix [^:]*: (?:connect: )?[\w ]+|open \/\/\.\/\/?pipe[^:]*: [\w ]+/,
  message: ([why], { node }) => `the runtime of node ${node} is not running: ${why}`,
  owner: 'cluster-admin',
  who: ofNode,
  waitingFor: waitForRuntime,
  next: ({ snapshot }) => [runtimeLog(snapshot)],
};

/**
 * Errors of a runtime that makes a sandbox or a container: containerd (internal/cri), CRI-O (server, oci), runc
 * (libcontainer) and hcsshim.
 */
export const RUNTIME_ERRORS: readonly KnownError[] = [
  {
    example:
      'failed to reserve container name "…": name "…" is reserved for "…"; error reserving ctr name: name is reserved',
    pattern:
      /error reserving (?:pod|ctr) name|failed to reserve (?:sandbox|container) name|name (?:"[^"]*" )?is reserved/,
    message: ([why], { node }) =>
      `an earlier attempt still holds the name (${why}): the runtime of node ${node} had not finished it when the kubelet's request timed out`,
    owner: 'cluster-admin',
    who: ({ node }) => `the container runtime of node ${node}: it is too slow, often because of its disk, or it hangs`,
    waitingFor: waitForRuntime,
    next: (context) => [attempts(context), runtimeLog(context.snapshot)],
  },
  {
    example: 'container init was OOM-killed (memory limit too low?)',
    pattern: /container init was OOM-killed[^:]*|OOM-killed|memory limit too low|cannot allocate memory/i,
    message: ([why]) => `there is not enough memory to start it: ${why}`,
    owner: 'author',
    who: () => "the manifest's author: the memory limit is too low even for the start",
  },
  {
    example: 'too many open files; inotify_add_watch: no space left on device',
    pattern:
      /too many open files|resource temporarily unavailable|[\w ]{0,20}(?:inotify|fsnotify)[^:]{0,80}: no space left on device/,
    message: ([why], { node }) => `node ${node} has reached a limit of its kernel: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) => `the administrator of node ${node} (limits of processes, open files and inotify)`,
    next: ({ snapshot }) => [runtimeLog(snapshot)],
  },
  {
    example: 'expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups',
    pattern: /^.*cgroup.*/is,
    message: ([why]) => `the cgroup cannot be created: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) => `the administrator of node ${node} (cgroup driver of kubelet and runtime, cgroup limits)`,
    next: ({ snapshot }) => [runtimeLog(snapshot)],
  },
  {
    example: 'no space left on device',
    pattern: /no space left on device|disk quota exceeded|not enough space on the disk/i,
    message: ([why], { node }) => `the disk of node ${node} is full: ${why}`,
    owner: 'cluster-admin',
    who: ofNode,
    waitingFor: waitForNode,
    next: ({ snapshot }) => [diskUse(snapshot), removeUnusedImages(snapshot)],
  },
  {
    example: 'failed to get sandbox image "registry.k8s.io/pause:3.10": failed to pull image',
    pattern: /failed to (?:get|pull|ensure) (?:sandbox|pause|infra) image "?([\w.:/@-]+)"?.*$/is,
    message: ([why], { node }) => `node ${node} cannot get the sandbox (pause) image of its runtime: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) =>
      `the administrator of node ${node} (sandbox image in the runtime's configuration); the pod's own images are not affected`,
    next: ({ snapshot }, [, image = '']) => [
      ...(image === '' ? [] : [pullByHand(snapshot, image)]),
      runtimeLog(snapshot),
    ],
  },
  RUNTIME_DOWN,
  {
    example: 'The container operating system does not match the host operating system',
    pattern: /container operating system does not match the host operating system/i,
    message: ([why], { node, image }) =>
      `the Windows version of ${image === '' ? 'the sandbox image' : image} does not fit node ${node}: ${why}`,
    owner: 'cluster-admin',
    who: ({ node, image }) =>
      image === ''
        ? `the administrator of node ${node} (sandbox image of its runtime), or the manifest's author (node.kubernetes.io/windows-build)`
        : "the manifest's author (an image for the Windows version of the node, or nodes of the image's version)",
    next: ({ snapshot }) => [
      {
        command: shell`kubectl get nodes -L kubernetes.io/os,node.kubernetes.io/windows-build`,
        when: 'which Windows do the nodes have?',
      },
      runtimeInfo(snapshot),
    ],
  },
  {
    example: 'RuntimeHandler "gvisor" not supported; no runtime for "gvisor" is configured',
    pattern:
      /RuntimeHandler "[^"]*" not supported|no runtime for "[^"]*" is configured|failed to find runtime handler [^:;]*/,
    message: ([why], { node }) => `the runtime of node ${node} does not have the pod's RuntimeClass: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) =>
      `the administrator of node ${node} (runtime handlers), or the manifest's author (runtimeClassName)`,
    next: ({ snapshot }) => [
      { command: shell`kubectl get runtimeclasses`, when: 'which handler does it name?' },
      runtimeInfo(snapshot),
    ],
  },
  {
    example: 'cannot load seccomp profile "/var/lib/kubelet/seccomp/audit.json": no such file or directory',
    pattern: /^.*seccomp.*/is,
    message: ([why], { node }) => `the seccomp profile cannot be applied on node ${node}: ${why}`,
    owner: 'author',
    who: ({ node }) =>
      `the manifest's author (seccompProfile), or the administrator of node ${node} (the profile's file)`,
  },
  {
    example: 'apparmor failed to apply profile: no such file or directory',
    pattern: /^.*apparmor.*/is,
    message: ([why], { node }) => `the AppArmor profile cannot be applied on node ${node}: ${why}`,
    owner: 'author',
    who: ({ node }) => `the manifest's author (appArmorProfile), or the administrator of node ${node} (the profile)`,
  },
  {
    example: 'unresolvable CDI devices vendor.com/gpu=0',
    pattern: /^.*CDI devices?.*/is,
    message: ([why], { node }) => `the runtime of node ${node} does not know the device: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) => `the administrator of node ${node} (device plugin or resource driver)`,
  },
  {
    example: 'failed to mount rootfs component: overlayfs: invalid argument',
    pattern:
      /(?:failed to mount|error (?:creating|mounting)|mounting) [^:]*overlay.*|overlayfs: .*|failed to mount rootfs.*/is,
    message: ([why], { node }) => `the runtime of node ${node} cannot mount the image's layers: ${why}`,
    owner: 'cluster-admin',
    who: ofNode,
    next: ({ snapshot }) => [runtimeLog(snapshot), diskUse(snapshot)],
  },
  {
    example: 'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    pattern: /context deadline exceeded|DeadlineExceeded|operation timeout/,
    message: ([why], { node }) => `the runtime of node ${node} does not finish in time (${why})`,
    owner: 'cluster-admin',
    who: ({ node }) => `the container runtime of node ${node}: it is too slow, often because of its disk, or it hangs`,
    waitingFor: waitForRuntime,
    next: (context) => [attempts(context), runtimeLog(context.snapshot)],
  },
];
