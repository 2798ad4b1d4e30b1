import type { Sign } from './sign.ts';

/**
 * Signs in the events of pods and of what makes them. Names are from k8s.io/kubernetes 1.37: pkg/kubelet/events/event.go
 * and pkg/controller/controller_utils.go.
 */
export const EVENT_SIGNS: readonly Sign[] = [
  { reason: 'Liveness', stage: 'Running', source: 'event', says: ['Killing'], message: ['failed liveness probe'] },
  { reason: 'Startup', stage: 'Startup', source: 'event', says: ['Killing'], message: ['failed startup probe'] },
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
    reason: 'InvalidSchedule',
    stage: 'Controller',
    source: 'owner event',
    says: ['UnknownTimeZone', 'UnparseableSchedule', 'UnParseableCronJobSchedule', 'InvalidSchedule'],
  },
];
