import type { Stage } from './stage.ts';

/**
 * `trouble`: a step failed, and the pod may wait for it. `progress`: a step was taken. `neutral`: worth reading, and the
 * pod gets on without it, even where Kubernetes calls the event a Warning.
 */
export type EventKind = 'trouble' | 'progress' | 'neutral';

export interface EventMeaning {
  /** `reason` of the events. */
  readonly says: readonly string[];
  readonly kind: EventKind;
  /** The pod's stage; null where the event is about a node, a claim or a volume. */
  readonly stage: Stage | null;
  readonly means: string;
}

/**
 * Every event reason of the kubelet, the attach-detach and persistent volume controllers, and the volume library of
 * Kubernetes 1.29 to 1.37 (pkg/kubelet, pkg/controller/volume, pkg/volume); rejections are in rejections.ts.
 * `npm run kubelet-reasons` compares it with the sources.
 */
export const EVENT_MEANINGS: readonly EventMeaning[] = [
  { kind: 'trouble', stage: 'Volumes', says: ['FailedAttachVolume'], means: 'a volume cannot be attached to the node' },
  { kind: 'trouble', stage: 'Volumes', says: ['FailedMount', 'FailedMapVolume'], means: 'a volume cannot be mounted' },
  {
    kind: 'trouble',
    stage: 'Volumes',
    says: ['VolumeResizeFailed', 'FileSystemResizeFailed'],
    means: 'a volume cannot be expanded; the mount waits for it, a running container does not',
  },
  {
    kind: 'trouble',
    stage: 'Volumes',
    says: ['Denied', 'FailedBinding'],
    means: 'a pod certificate was refused; an ephemeral volume has no claim',
  },
  { kind: 'trouble', stage: 'Sandbox', says: ['NetworkNotReady'], means: "the node's network plugin is not ready" },
  {
    kind: 'trouble',
    stage: 'Sandbox',
    says: ['FailedCreatePodSandBox', 'FailedPodSandBoxStatus'],
    means: 'the runtime cannot make the sandbox, or does not say how it is',
  },
  { kind: 'trouble', stage: 'Sandbox', says: ['FailedCreatePodContainer'], means: "the pod's cgroup cannot be made" },
  {
    kind: 'trouble',
    stage: 'Sandbox',
    says: ['FailedPrepareDynamicResources'],
    means: 'a resource driver cannot prepare the devices that the pod claims',
  },
  { kind: 'trouble', stage: 'Sandbox', says: ['FailedSync'], means: 'the runtime does not report the pod' },
  {
    kind: 'trouble',
    stage: 'ImagePull',
    says: ['InspectFailed', 'ErrImageNeverPull'],
    means: 'the image is not usable',
  },
  {
    kind: 'trouble',
    stage: 'ContainerCreate',
    says: ['Failed'],
    means: 'a pull, a container, its start or the data directory failed; the waiting reason says which',
  },
  { kind: 'trouble', stage: 'ContainerStart', says: ['FailedPostStartHook'], means: 'the postStart hook failed' },
  { kind: 'trouble', stage: 'Running', says: ['BackOff'], means: 'the kubelet waits before the next pull or restart' },
  {
    kind: 'trouble',
    stage: 'Readiness',
    says: ['Unhealthy'],
    means: 'a probe failed; once is no fault of a ready pod',
  },
  {
    kind: 'trouble',
    stage: 'Running',
    says: ['Evicted', 'Preempting', 'DeadlineExceeded'],
    means: 'the kubelet ends the pod',
  },
  {
    kind: 'trouble',
    stage: 'Termination',
    says: ['FailedKillPod', 'ExceededGracePeriod'],
    means: 'the runtime does not end the containers',
  },
  {
    kind: 'progress',
    stage: 'Volumes',
    says: ['SuccessfulAttachVolume', 'SuccessfulMountVolume'],
    means: 'a volume is there',
  },
  {
    kind: 'progress',
    stage: 'Volumes',
    says: ['VolumeResizeSuccessful', 'FileSystemResizeSuccessful'],
    means: 'a volume was expanded',
  },
  {
    kind: 'progress',
    stage: 'Volumes',
    says: ['VolumePermissionChangeInProgress'],
    means: 'the kubelet changes the owner of every file of a volume (fsGroup)',
  },
  {
    kind: 'progress',
    stage: 'ImagePull',
    says: ['Pulling', 'Pulled'],
    means: 'an image pull began, or the image is there',
  },
  { kind: 'progress', stage: 'ContainerCreate', says: ['Created'], means: 'a container was created' },
  { kind: 'progress', stage: 'ContainerStart', says: ['Started'], means: 'a container was started' },
  { kind: 'progress', stage: 'Running', says: ['ResizeStarted', 'ResizeCompleted'], means: 'an in-place resize' },
  {
    kind: 'neutral',
    stage: 'Running',
    says: ['ResizeDeferred', 'ResizeInfeasible', 'ResizeError', 'FailedNodeDeclaredFeaturesCheck'],
    means: 'an in-place resize waits or cannot be done; the containers keep their resources',
  },
  { kind: 'neutral', stage: 'Sandbox', says: ['SandboxChanged'], means: 'the sandbox is made again' },
  { kind: 'neutral', stage: 'Termination', says: ['Killing'], means: 'a container is stopped; the message says why' },
  {
    kind: 'neutral',
    stage: 'Termination',
    says: ['FailedPreStopHook'],
    means: 'the preStop hook failed; the container is stopped without it',
  },
  { kind: 'neutral', stage: 'Readiness', says: ['ProbeWarning'], means: 'a probe succeeded with a remark' },
  {
    kind: 'neutral',
    stage: 'Volumes',
    says: ['AlreadyMountedVolume', 'VolumeConditionAbnormal', 'MultipleSELinuxLabels'],
    means: 'a remark about a mounted volume',
  },
  {
    kind: 'neutral',
    stage: 'Volumes',
    says: ['SELinuxLabelConflict', 'SELinuxChangePolicyConflict', 'PossibleMemoryBackedVolumesOnDisk'],
    means: 'a volume would behave differently under another setting',
  },
  {
    kind: 'neutral',
    stage: 'ImagePull',
    says: ['FailedToRetrieveImagePullSecret'],
    means: 'an imagePullSecret does not exist; public images are pulled without it',
  },
  {
    kind: 'neutral',
    stage: 'ContainerCreate',
    says: ['InvalidEnvironmentVariableNames', 'DNSConfigForming', 'MissingClusterDNS', 'HostIPsIPFamilyMismatch'],
    means: 'the kubelet left something out of the environment, the DNS configuration or the addresses',
  },
  {
    kind: 'neutral',
    stage: 'ContainerStart',
    says: ['LifecycleHTTPFallback'],
    means: 'a hook was called over HTTP, not HTTPS',
  },
  {
    kind: 'neutral',
    stage: 'Running',
    says: ['CertificateOverdueForRefresh', 'CertificateExpired'],
    means: 'a pod certificate was not renewed in time',
  },
  { kind: 'neutral', stage: null, says: ['FailedValidation'], means: 'a second manifest has the name of a pod' },
  {
    kind: 'neutral',
    stage: null,
    says: ['NodeReady', 'NodeNotReady', 'NodeSchedulable', 'NodeNotSchedulable', 'Starting', 'Rebooted', 'Shutdown'],
    means: 'a node changed its state; its conditions count',
  },
  {
    kind: 'neutral',
    stage: null,
    says: [
      'NodeHasDiskPressure',
      'NodeHasInsufficientMemory',
      'NodeHasInsufficientPID',
      'NodeHasNoDiskPressure',
      'NodeHasSufficientMemory',
      'NodeHasSufficientPID',
      'EvictionThresholdMet',
      'SystemOOM',
    ],
    means: 'the pressure on a node changed',
  },
  {
    kind: 'neutral',
    stage: null,
    says: [
      'KubeletSetupFailed',
      'ContainerGCFailed',
      'ImageGCFailed',
      'FreeDiskSpaceFailed',
      'InvalidDiskCapacity',
      'InvalidImageID',
      // The reason of 1.29 is a format string by mistake (pkg/kubelet/images/image_gc_manager.go).
      'ImageID is not valid, skipping, ImageID: %v',
      'NodeAllocatableEnforced',
      'FailedNodeAllocatableEnforcement',
      'CheckLimitsForResolvConf',
      'CgroupV1',
    ],
    means: 'the upkeep of a node',
  },
  {
    kind: 'neutral',
    stage: null,
    says: [
      'VolumeMismatch',
      'VolumeFailedRecycle',
      'VolumeRecycled',
      'RecyclerPod',
      'VolumeDelete',
      'VolumeFailedDelete',
      'VolumeUnknownReclaimPolicy',
      'ExternalProvisioning',
      'ExternalExpanding',
      'ProvisioningFailed',
      'ProvisioningCleanupFailed',
      'ProvisioningSucceeded',
      'WaitForFirstConsumer',
      'WaitForPodScheduled',
      'ClaimLost',
      'ClaimMisbound',
      'FailedMountOnFilesystemMismatch',
    ],
    means: 'the life of a claim or a volume; the pod waits at Scheduling or Volumes and says for which',
  },
];
