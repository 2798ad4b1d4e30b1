import { container, deployment, pod, probe } from '../manifests.ts';
import { progressing, ready, type Story } from '../story.ts';

const web = (...more: string[]): object => ({
  containers: [container('web', ['serve', '8080', ...more], { readinessProbe: probe('/ready') })],
});

export const readyStories: readonly Story[] = [
  {
    name: 'ready',
    says: 'A pod becomes Ready, ten seconds after its container started.',
    subject: pod('ready', 'web', web('ready-after=10s')),
    moments: [
      {
        name: 'early',
        when: (seen) => seen.running('web') && seen.condition('Ready=False'),
        verdict: progressing('Readiness', ['probe', 'readiness of container web']),
      },
      { name: 'final', when: (seen) => seen.condition('Ready=True'), verdict: ready },
    ],
  },
  {
    name: 'deployment-ready',
    says: 'Both pods of a Deployment become Ready.',
    subject: deployment('deployment-ready', 'shop', web(), 2),
    moments: [
      {
        name: 'final',
        when: ({ pods }) =>
          pods.length === 2 &&
          pods.every(({ status }) =>
            status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
          ),
        verdict: ready,
      },
    ],
  },
  {
    name: 'succeeded',
    says: 'A pod whose program ends with exit code 0 has succeeded.',
    subject: pod('succeeded', 'report', {
      restartPolicy: 'Never',
      containers: [container('report', ['exit', '0', 'after=1s', 'say=report written'])],
    }),
    moments: [
      {
        name: 'final',
        when: ({ pods }) => pods[0]?.status.phase === 'Succeeded',
        verdict: { ...ready, state: 'succeeded' },
      },
    ],
  },
];
