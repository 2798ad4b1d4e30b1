import type { Stage } from './stage.ts';

/** Why a pod does not get on. A closed list: see docs/pod.md. */
export const REASONS = [
  'Unschedulable',
  'SchedulingGated',
  'MissingConfigMap',
  'MissingSecret',
  'MissingServiceAccount',
  'VolumeAttach',
  'VolumeMount',
  'VolumePermissions',
  'ResourceClaim',
  'Sandbox',
  'Network',
  'ImagePull',
  'ImageAuth',
  'InvalidImageName',
  'ContainerCreate',
  'InitContainer',
  'CrashLoop',
  'OOMKilled',
  'Liveness',
  'Startup',
  'Readiness',
  'ReadinessGate',
  'SidecarKeepsRunning',
  'Finalizer',
  'Termination',
  'KubeletSilent',
  'NodeNotReady',
  'Rejected',
  'NodeShutdown',
  'DeadlineExceeded',
  'Evicted',
  'Preempted',
  'QuotaExceeded',
  'AdmissionDenied',
  'ProgressDeadlineExceeded',
  'DeploymentPaused',
  'MinReadySeconds',
  'JobSuspended',
  'JobBackOff',
  'BackoffLimitExceeded',
  'PodFailurePolicy',
  'FailedIndexes',
  'MaxFailedIndexesExceeded',
  'CronJobSuspended',
  'InvalidSchedule',
  'Unknown',
] as const;
export type Reason = (typeof REASONS)[number];

/** Where Kubernetes says it. */
export type SignSource =
  /** `state.waiting.reason` of a container. */
  | 'waiting'
  /** `state.terminated.reason`, or that of the run before. */
  | 'terminated'
  /** The reason of an event about the pod. */
  | 'event'
  /** The reason of an event about what the pod belongs to. */
  | 'owner event'
  /** `status.reason` of the pod. */
  | 'pod'
  /** TYPE=STATUS REASON of a condition of the pod. */
  | 'condition'
  /** TYPE=STATUS of a condition of the node. */
  | 'node'
  /** TYPE=STATUS REASON of a condition of what makes pods, or a field of it. */
  | 'workload'
  /** A field of the object itself. */
  | 'field';

/** What Kubernetes says when it means a reason of ours. */
export interface Sign {
  readonly reason: Reason;
  readonly stage: Stage;
  readonly source: SignSource;
  readonly says: readonly string[];
  /** The message must hold one of these, in whatever case. Without it any message will do. */
  readonly message?: readonly string[];
}

/**
 * Every string of Kubernetes that this program understands; of several that fit the first counts. Names are from
 * k8s.io/kubernetes 1.37: pkg/kubelet/images/types.go, pkg/kubelet/kuberuntime/kuberuntime_container.go,
 * pkg/kubelet/container/sync_result.go, pkg/kubelet/events/event.go, pkg/controller/controller_utils.go, and
 * k8s.io/api core/v1/types.go.
 */
export const SIGNS: readonly Sign[] = [
  { reason: 'SchedulingGated', stage: 'Scheduling', source: 'condition', says: ['PodScheduled=False SchedulingGated'] },
  {
    reason: 'Unschedulable',
    stage: 'Scheduling',
    source: 'condition',
    says: ['PodScheduled=False Unschedulable', 'PodScheduled=False SchedulerError'],
  },
  {
    reason: 'ImageAuth',
    stage: 'ImagePull',
    source: 'waiting',
    says: ['ErrImagePull', 'ImagePullBackOff'],
    message: [
      '401 unauthorized',
      '403 forbidden',
      'unauthorized:',
      'authorization failed',
      'pull access denied',
      'insufficient_scope',
      'no basic auth credentials',
      'authentication required',
      'requested access to the resource is denied',
      'invalid username/password',
      'incorrect username or password',
      'authorization token has expired',
      'denied: permission',
    ],
  },
  { reason: 'InvalidImageName', stage: 'ImagePull', source: 'waiting', says: ['InvalidImageName'] },
  {
    reason: 'InvalidImageName',
    stage: 'ImagePull',
    source: 'waiting',
    says: ['ErrImagePull', 'ImagePullBackOff'],
    message: ['invalid reference format', 'repository name must be lowercase'],
  },
  {
    reason: 'ImagePull',
    stage: 'ImagePull',
    source: 'waiting',
    says: [
      'ErrImagePull',
      'ImagePullBackOff',
      'ErrImageNeverPull',
      'ImageInspectError',
      'RegistryUnavailable',
      'SignatureValidationFailed',
    ],
  },
  {
    reason: 'MissingConfigMap',
    stage: 'ContainerCreate',
    source: 'waiting',
    says: ['CreateContainerConfigError'],
    message: ['configmap "', 'in configmap '],
  },
  {
    reason: 'MissingSecret',
    stage: 'ContainerCreate',
    source: 'waiting',
    says: ['CreateContainerConfigError'],
    message: ['secret "', 'in secret '],
  },
  {
    reason: 'ContainerCreate',
    stage: 'ContainerCreate',
    source: 'waiting',
    says: [
      'CreateContainerConfigError',
      'CreateContainerError',
      'PreCreateHookError',
      'KillContainerError',
      'RemoveContainerError',
      'Blocked',
    ],
  },
  {
    reason: 'ContainerCreate',
    stage: 'ContainerStart',
    source: 'waiting',
    says: ['RunContainerError', 'PreStartHookError', 'PostStartHookError'],
  },
  {
    reason: 'ContainerCreate',
    stage: 'ContainerStart',
    source: 'terminated',
    says: ['StartError', 'ContainerCannotRun'],
  },
  {
    reason: 'Sandbox',
    stage: 'Sandbox',
    source: 'waiting',
    says: ['CreatePodSandboxError', 'ConfigPodSandboxError', 'KillPodSandboxError'],
  },
  { reason: 'OOMKilled', stage: 'Running', source: 'terminated', says: ['OOMKilled'] },
  { reason: 'Liveness', stage: 'Running', source: 'event', says: ['Killing'], message: ['failed liveness probe'] },
  { reason: 'Startup', stage: 'Startup', source: 'event', says: ['Killing'], message: ['failed startup probe'] },
  { reason: 'CrashLoop', stage: 'Running', source: 'waiting', says: ['CrashLoopBackOff'] },
  {
    reason: 'CrashLoop',
    stage: 'Running',
    source: 'terminated',
    says: ['Error', 'ContainerStatusUnknown', 'Unknown', 'seccomp killed'],
  },
  {
    reason: 'MissingConfigMap',
    stage: 'Volumes',
    source: 'event',
    says: ['FailedMount'],
    message: ['configmap "', 'references non-existent config key'],
  },
  {
    reason: 'MissingSecret',
    stage: 'Volumes',
    source: 'event',
    says: ['FailedMount'],
    message: ['secret "', 'references non-existent secret key'],
  },
  { reason: 'VolumeAttach', stage: 'Volumes', source: 'event', says: ['FailedAttachVolume'] },
  {
    reason: 'VolumeMount',
    stage: 'Volumes',
    source: 'event',
    says: ['FailedMount', 'FailedMapVolume', 'VolumeResizeFailed', 'FileSystemResizeFailed', 'Denied'],
  },
  { reason: 'VolumePermissions', stage: 'Volumes', source: 'event', says: ['VolumePermissionChangeInProgress'] },
  { reason: 'ResourceClaim', stage: 'Sandbox', source: 'event', says: ['FailedPrepareDynamicResources'] },
  { reason: 'Network', stage: 'Sandbox', source: 'event', says: ['NetworkNotReady'] },
  {
    reason: 'Network',
    stage: 'Sandbox',
    source: 'event',
    says: ['FailedCreatePodSandBox'],
    message: ['failed to setup network', 'failed to set up sandbox container', 'cni plugin', 'cni network'],
  },
  {
    reason: 'Sandbox',
    stage: 'Sandbox',
    source: 'event',
    says: ['FailedCreatePodSandBox', 'FailedPodSandBoxStatus', 'FailedCreatePodContainer', 'FailedSync'],
  },
  {
    reason: 'InitContainer',
    stage: 'InitContainers',
    source: 'condition',
    says: ['Initialized=False ContainersNotInitialized'],
  },
  { reason: 'Startup', stage: 'Startup', source: 'field', says: ['containerStatuses[].started: false'] },
  { reason: 'Readiness', stage: 'Readiness', source: 'condition', says: ['Ready=False ContainersNotReady'] },
  { reason: 'ReadinessGate', stage: 'Readiness', source: 'condition', says: ['Ready=False ReadinessGatesNotReady'] },
  { reason: 'Finalizer', stage: 'Termination', source: 'field', says: ['metadata.finalizers'] },
  { reason: 'Termination', stage: 'Termination', source: 'field', says: ['metadata.deletionTimestamp'] },
  {
    reason: 'SidecarKeepsRunning',
    stage: 'Running',
    source: 'field',
    says: ['state.running beside state.terminated with exit code 0, restartPolicy Never or OnFailure'],
  },
  { reason: 'NodeNotReady', stage: 'Running', source: 'node', says: ['Ready=False', 'no such node'] },
  {
    reason: 'KubeletSilent',
    stage: 'Running',
    source: 'node',
    says: ['Ready=Unknown', 'taint node.kubernetes.io/unreachable'],
  },
  { reason: 'KubeletSilent', stage: 'Sandbox', source: 'field', says: ['no status.startTime'] },
  { reason: 'Rejected', stage: 'Admission', source: 'field', says: ['status.message: Pod was rejected'] },
  { reason: 'NodeShutdown', stage: 'Running', source: 'pod', says: ['Terminated', 'Shutdown'] },
  { reason: 'DeadlineExceeded', stage: 'Running', source: 'pod', says: ['DeadlineExceeded'] },
  { reason: 'Evicted', stage: 'Running', source: 'pod', says: ['Evicted'] },
  {
    reason: 'Evicted',
    stage: 'Termination',
    source: 'condition',
    says: ['DisruptionTarget=True EvictionByEvictionAPI', 'DisruptionTarget=True DeletionByTaintManager'],
  },
  { reason: 'Preempted', stage: 'Running', source: 'pod', says: ['Preempting'] },
  {
    reason: 'Preempted',
    stage: 'Termination',
    source: 'condition',
    says: ['DisruptionTarget=True PreemptionByScheduler'],
  },
  {
    reason: 'QuotaExceeded',
    stage: 'Admission',
    source: 'owner event',
    says: ['FailedCreate'],
    message: ['exceeded quota'],
  },
  {
    reason: 'MissingServiceAccount',
    stage: 'Admission',
    source: 'owner event',
    says: ['FailedCreate'],
    message: ['error looking up service account'],
  },
  { reason: 'AdmissionDenied', stage: 'Admission', source: 'owner event', says: ['FailedCreate'] },
  {
    reason: 'ProgressDeadlineExceeded',
    stage: 'Controller',
    source: 'workload',
    says: ['Progressing=False ProgressDeadlineExceeded'],
  },
  { reason: 'DeploymentPaused', stage: 'Controller', source: 'workload', says: ['spec.paused: true'] },
  { reason: 'MinReadySeconds', stage: 'Readiness', source: 'workload', says: ['spec.minReadySeconds'] },
  {
    reason: 'JobSuspended',
    stage: 'Controller',
    source: 'workload',
    says: ['spec.suspend: true', 'spec.parallelism: 0'],
  },
  { reason: 'JobBackOff', stage: 'Controller', source: 'workload', says: ['status.failed'] },
  { reason: 'BackoffLimitExceeded', stage: 'Running', source: 'workload', says: ['Failed=True BackoffLimitExceeded'] },
  { reason: 'DeadlineExceeded', stage: 'Running', source: 'workload', says: ['Failed=True DeadlineExceeded'] },
  { reason: 'PodFailurePolicy', stage: 'Running', source: 'workload', says: ['Failed=True PodFailurePolicy'] },
  { reason: 'FailedIndexes', stage: 'Running', source: 'workload', says: ['Failed=True FailedIndexes'] },
  {
    reason: 'MaxFailedIndexesExceeded',
    stage: 'Running',
    source: 'workload',
    says: ['Failed=True MaxFailedIndexesExceeded'],
  },
  { reason: 'CronJobSuspended', stage: 'Controller', source: 'workload', says: ['spec.suspend: true of a CronJob'] },
  {
    reason: 'InvalidSchedule',
    stage: 'Controller',
    source: 'owner event',
    says: ['UnknownTimeZone', 'UnparseableSchedule', 'UnParseableCronJobSchedule', 'InvalidSchedule'],
  },
];

/**
 * Reasons of containers that wait or ended without trouble: what comes before the first start, an in-place resize, and a
 * restart of all containers on request (KEP-5532).
 */
export const NEUTRAL_WAITING = [
  'ContainerCreating',
  'PodInitializing',
  'ResizePodInPlaceError',
  'RestartingAllContainers',
] as const;
export const NEUTRAL_TERMINATED = ['Completed', 'RestartingAllContainers'] as const;

/** The first sign of a source that Kubernetes' word and message are. */
export function signOf(source: SignSource, says: string | undefined, message: string | undefined): Sign | undefined {
  if (says === undefined) return undefined;
  const text = (message ?? '').toLowerCase();
  return SIGNS.find(
    (sign) =>
      sign.source === source &&
      sign.says.includes(says) &&
      (sign.message === undefined || sign.message.some((part) => text.includes(part))),
  );
}
