import type { Entry } from '../entry.ts';

const KUBELET = 'k8s.io/kubernetes pkg/kubelet/kubelet.go';

/** The kubelet's own spans; its calls of the runtime are in runtime-calls.ts. */
export const KUBELET_SPANS: readonly Entry[] = [
  {
    name: 'syncPod',
    summary: 'one sync of a pod: compare and change what runs',
    about:
      'Each is a separate trace, with k8s.pod.uid; the start of a pod takes several. Volumes, probes and back-off have no spans. An error has the reason in its status.',
    since: 'Kubernetes 1.27',
    source: KUBELET,
    slow: 'waiting for volumes, pulling an image, creating the sandbox',
    next: 'RunPodSandbox, PullImage, CreateContainer and StartContainer below it; time without a row is often volumes',
    pattern: /^syncPod \(\w+\)$/,
  },
  {
    name: 'syncTerminatingPod',
    summary: 'one sync of a pod that ends: stop its containers',
    since: 'Kubernetes 1.27',
    source: KUBELET,
    slow: 'a preStop hook, or a program that ignores SIGTERM until terminationGracePeriodSeconds',
    next: 'StopContainer below it',
  },
  {
    name: 'syncTerminatedPod',
    summary: 'one sync of a pod that has ended: clean up',
    since: 'Kubernetes 1.27',
    source: KUBELET,
    slow: 'unmounting volumes',
    next: 'the events of the pod, and the log of the kubelet',
  },
  {
    name: 'Images/GarbageCollect',
    summary: 'removing images that no container uses',
    since: 'Kubernetes 1.27',
    source: 'k8s.io/kubernetes pkg/kubelet/images/image_gc_manager.go',
    slow: 'many images, a slow disk',
    next: 'the usage of the image file system (imageGCHighThresholdPercent)',
  },
  {
    name: 'Containers/GarbageCollect',
    summary: 'removing ended containers and sandboxes',
    since: 'Kubernetes 1.27',
    source: 'k8s.io/kubernetes pkg/kubelet/kuberuntime/kuberuntime_gc.go',
    slow: 'many ended containers, a slow runtime',
    next: 'RemoveContainer and RemovePodSandbox below it',
  },
  {
    name: '/ROUTE',
    summary: 'a request to the kubelet, as for logs',
    about: 'The name is the route. Logs, exec, attach and port-forward come here from the API server.',
    since: 'Kubernetes 1.25',
    source: 'k8s.io/kubernetes pkg/kubelet/server/server.go (otelrestful)',
    slow: 'a stream lasts as long as its client wants; /stats and /metrics gather from all containers',
    next: 'the API server, which sends no trace context with it: the trace is separate',
    pattern:
      /^\/(?:pods|runningpods|stats|metrics|logs|containerLogs|exec|attach|portForward|run|checkpoint|configz|healthz|debug|flagz|statusz)(?:\/.*)?$/i,
  },
];
