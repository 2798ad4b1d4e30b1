import type { Entry } from '../entry.ts';

type Texts = Pick<Entry, 'summary' | 'slow' | 'next'> & Partial<Pick<Entry, 'about'>>;

const SERVICES = { Runtime: '1.25', Image: '1.26' } as const;

/** Each call is a client span of the kubelet, with a server span of the runtime below it. */
const call = (service: keyof typeof SERVICES, method: string, texts: Texts): Entry => ({
  ...texts,
  name: `runtime.v1.${service}Service/${method}`,
  since: `Kubernetes ${SERVICES[service]}`,
  source: `k8s.io/cri-client pkg/remote_${service.toLowerCase()}.go; containerd internal/cri/server`,
  pattern: new RegExp(`^${method} .+$`),
  also: [method, `runtime.v1alpha2.${service}Service/${method}`, `…/${method}`],
});

/** Other calls are the kubelet's questions: they change nothing. */
const QUESTIONS =
  /^(?:runtime\.v1\.RuntimeService\/)?(?:Version|Status|RuntimeConfig|UpdateRuntimeConfig|GetContainerEvents|ContainerStats|ListMetricDescriptors|(?:List|Stream)\w+|PodSandboxStats)$/;

/** Calls of the runtime by the kubelet (CRI). */
export const RUNTIME_CALLS: readonly Entry[] = [
  call('Runtime', 'RunPodSandbox', {
    summary: "the pod's sandbox and network",
    about: 'It pulls the sandbox (pause) image if needed, sets up the network by CNI and starts the sandbox.',
    slow: 'the CNI plug-in (no free address, its daemon not ready); the pause image',
    next: 'cni.setup_pod_network below it; FailedCreatePodSandBox events',
  }),
  call('Runtime', 'StopPodSandbox', {
    summary: 'stops the sandbox, frees the network',
    slow: 'the CNI plug-in; containers that still have to be killed',
    next: 'cni.Remove below it',
  }),
  call('Runtime', 'RemovePodSandbox', {
    summary: 'removes the stopped sandbox',
    slow: 'containers and mounts that are left',
    next: 'the log of the runtime',
  }),
  call('Runtime', 'CreateContainer', {
    summary: 'makes a container, not started yet',
    about: "It prepares the snapshot of the image's layers and the runtime's configuration.",
    slow: 'a slow disk, a large or lazily loaded image, an NRI or device plug-in',
    next: 'client.NewContainer and metadata.containers.Create below it',
  }),
  call('Runtime', 'StartContainer', {
    summary: 'starts a container',
    slow: 'the shim and runc: a node without free CPU; a postStart hook is not in it',
    next: 'client.task.Start and containerd.task.v3.Task/Start below it',
  }),
  call('Runtime', 'StopContainer', {
    summary: 'SIGTERM, then SIGKILL at the timeout',
    slow: 'a program that does not end on SIGTERM',
    next: "the program's signal handling; terminationGracePeriodSeconds",
  }),
  call('Runtime', 'RemoveContainer', {
    summary: 'removes an ended container',
    slow: 'a slow disk: its snapshot is deleted',
    next: 'metadata.containers.Delete below it',
  }),
  call('Runtime', 'ContainerStatus', {
    summary: 'the state of one container',
    slow: 'a runtime that is busy or hangs: this is a read',
    next: 'the CPU and disk of the node; PLEG messages in the log of the kubelet',
  }),
  call('Runtime', 'PodSandboxStatus', {
    summary: 'the state of one sandbox',
    slow: 'a runtime that is busy or hangs: this is a read',
    next: 'the CPU and disk of the node; PLEG messages in the log of the kubelet',
  }),
  call('Runtime', 'UpdateContainerResources', {
    summary: 'new CPU and memory limits',
    slow: 'the runtime: cgroups are written',
    next: 'resize conditions of the pod',
  }),
  call('Runtime', 'UpdatePodSandboxResources', {
    summary: "reports a pod's resize",
    slow: 'the runtime or an NRI plug-in',
    next: 'resize conditions of the pod',
  }),
  call('Runtime', 'ExecSync', {
    summary: 'a command in a container: probe, hook',
    slow: 'the command: exec probes and lifecycle hooks run by it',
    next: 'the probe or hook, and its timeoutSeconds',
  }),
  call('Runtime', 'Exec', {
    summary: 'prepares kubectl exec',
    slow: 'the runtime; the stream is not in it',
    next: 'the log of the runtime',
  }),
  call('Runtime', 'Attach', {
    summary: 'prepares kubectl attach',
    slow: 'the runtime; the stream is not in it',
    next: 'the log of the runtime',
  }),
  call('Runtime', 'PortForward', {
    summary: 'prepares kubectl port-forward',
    slow: 'the runtime; the stream is not in it',
    next: 'the log of the runtime',
  }),
  call('Runtime', 'ReopenContainerLog', {
    summary: 'a new log file after rotation',
    slow: 'a slow disk',
    next: 'the usage of /var/log',
  }),
  call('Runtime', 'CheckpointContainer', {
    summary: 'checkpoints a container',
    slow: 'the memory of the container is written to disk',
    next: 'the size of the container',
  }),
  {
    name: 'runtime.v1.RuntimeService/METHOD',
    summary: 'another read: version, lists, stats',
    about: 'The kubelet sends them in every sync and every relist; they change nothing.',
    since: 'Kubernetes 1.25',
    source: 'k8s.io/cri-client pkg/remote_runtime.go; containerd internal/cri/server',
    slow: 'many containers on the node; a runtime that is busy or hangs',
    next: 'the CPU and disk of the node; PLEG messages in the log of the kubelet',
    pattern: QUESTIONS,
  },
  call('Image', 'PullImage', {
    summary: 'pulls an image',
    slow: 'the registry and the network to it; unpacking large layers on a slow disk; serialized pulls',
    next: 'remotes.docker.resolver.HTTPRequest (registry) and unpackLayer (disk) below it; imagePullPolicy',
  }),
  call('Image', 'ImageStatus', {
    summary: 'is the image on the node',
    slow: 'a runtime that is busy or hangs: this is a read',
    next: 'the CPU and disk of the node',
  }),
  call('Image', 'RemoveImage', {
    summary: 'removes an image',
    slow: 'a slow disk: layers are deleted',
    next: 'Images/GarbageCollect above it',
  }),
  call('Image', 'ImageFsInfo', {
    summary: 'the usage of the image file system',
    slow: 'a runtime that is busy or hangs: this is a read',
    next: 'the CPU and disk of the node',
  }),
];
