import type { RecordedStep, Rehearsal } from './recording.ts';

/** How a step has to end, written down before the first rehearsal. */
interface Expectation {
  readonly code: number | null;
  readonly output: readonly RegExp[];
  readonly isOriginal: boolean;
  /** Whether the program leaves its journal and backups. */
  readonly leaves: boolean;
}

const canary = /canary: \d+ spans? of apiserver, \d+ spans? of etcd in jaeger/;

/** Every step ends with an API server that responds: the rehearsal waits for it, and fails without. */
const EXPECTED: Readonly<Record<string, Expectation>> = {
  'dry run': {
    code: 0,
    output: [/^\+ +- --tracing-config-file=/m, /^\+ +- --\S*enable-distributed-tracing=true/m],
    isOriginal: true,
    leaves: false,
  },
  'full disk': { code: 2, output: [/ENOSPC/, /nothing was changed/], isOriginal: true, leaves: false },
  broken: {
    code: 1,
    output: [/kube-apiserver is not back within 90 s/, /the manifests are restored, and the API server responds/],
    isOriginal: true,
    leaves: false,
  },
  killed: { code: null, output: [], isOriginal: false, leaves: true },
  apply: {
    code: 0,
    output: [/etcd\.yaml (?:un|con)/, /kube-apiserver\.yaml configured\n/, canary],
    isOriginal: false,
    leaves: true,
  },
  'apply again': {
    code: 0,
    output: [/etcd\.yaml unchanged\n.*kube-apiserver\.yaml unchanged\n/, canary],
    isOriginal: false,
    leaves: true,
  },
  'get nodes': {
    code: 0,
    output: [
      /^trace \w{32} {2}(?:complete|settled): \d+/m,
      /─ apiserver {2}GET \/api\/v1\/nodes/,
      /─ etcd /,
      /^etcd +[\d.]+ .s /m,
    ],
    isOriginal: false,
    leaves: true,
  },
  undo: {
    code: 0,
    output: [/etcd\.yaml restored\n.*kube-apiserver\.yaml restored\n/],
    isOriginal: true,
    leaves: false,
  },
};

/** Steps that ended in another way, in words. */
export const falsehoods = ({ steps }: Rehearsal): readonly string[] =>
  steps.flatMap((step) => wrong(step).map((problem) => `${step.name}: ${problem}`));

function wrong({ name, code, stdout, stderr, isOriginal, isOriginalConfiguration, left }: RecordedStep): string[] {
  const expected = EXPECTED[name];
  if (expected === undefined) return ['it is not expected'];
  const output = `${stdout}${stderr}`;
  return [
    // A shell reports a killed program by 137.
    ...(code === expected.code || (expected.code === null && code === 137) ? [] : [`exit code ${code}`]),
    ...expected.output
      .filter((pattern) => !pattern.test(output))
      .map((pattern) => `no ${pattern} in: ${output.slice(0, 2000)}`),
    ...(isOriginal === expected.isOriginal ? [] : [`the manifests are ${isOriginal ? '' : 'not '}those from before`]),
    ...(isOriginalConfiguration === null || isOriginalConfiguration === expected.isOriginal
      ? []
      : [`kubeadm-config is ${isOriginalConfiguration ? '' : 'not '}that from before`]),
    ...(left.length > 0 === expected.leaves ? [] : [`it leaves ${left.join(', ') || 'nothing'}`]),
    ...left
      .filter((path) => path.includes('/manifests/') && !/\/\.[^/]+$/.test(path))
      .map((path) => `${path} would be started`),
  ];
}

export const expectedSteps = (isComplete: boolean): readonly string[] =>
  isComplete
    ? ['dry run', 'full disk', 'broken', 'killed', 'apply', 'apply again', 'get nodes', 'undo']
    : ['apply', 'get nodes', 'apply again', 'undo'];
