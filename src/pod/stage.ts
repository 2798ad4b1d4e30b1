/** Stages of a pod's lifecycle, in the order in which they follow from each other. A closed list: see docs/pod.md. */
export const STAGES = [
  'Request',
  'Admission',
  'Controller',
  'Scheduling',
  'Volumes',
  'Sandbox',
  'ImagePull',
  'InitContainers',
  'ContainerCreate',
  'ContainerStart',
  'Startup',
  'Readiness',
  'Running',
  'Termination',
] as const;
export type Stage = (typeof STAGES)[number];

/** As they are named within a sentence. */
export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  Request: 'request',
  Admission: 'admission',
  Controller: 'controller',
  Scheduling: 'scheduling',
  Volumes: 'volumes',
  Sandbox: 'sandbox',
  ImagePull: 'image pull',
  InitContainers: 'init containers',
  ContainerCreate: 'container create',
  ContainerStart: 'container start',
  Startup: 'startup',
  Readiness: 'readiness',
  Running: 'running',
  Termination: 'termination',
};
