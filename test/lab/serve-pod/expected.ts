import type { RecordedStep } from './recording.ts';

/** How a step has to end, written down before the first rehearsal. */
interface Expectation {
  readonly name: string;
  readonly code: number;
  readonly output: RegExp;
}

export const EXPECTED: readonly Expectation[] = [
  { name: 'the printed commands make certificate and token', code: 0, output: /^$/ },
  { name: 'kubectl apply', code: 0, output: /daemonset\.apps\/kubectl-trace-serve created/ },
  { name: 'the printed command makes the Secret', code: 0, output: /secret\/kubectl-trace-serve created/ },
  { name: 'the pod is ready', code: 0, output: /daemon set "kubectl-trace-serve" successfully rolled out/ },
  {
    name: 'it says where it listens',
    code: 0,
    output:
      /^Receiving OTLP on 127\.0\.0\.1:4317, over gRPC and HTTP, in plain text\nServing Jaeger's query API on https:\/\/0\.0\.0\.0:16686, with TLS and a token$/m,
  },
  { name: 'user, group and mode of the store', code: 0, output: /^65532 65532 600\n$/ },
  {
    name: 'users of the process',
    code: 0,
    output: /^Uid:\s+65532\s+65532\s+65532\s+65532\nCapEff:\s+0{16}\nNoNewPrivs:\s+1$/m,
  },
  {
    name: 'setup kubeadm --apply verifies with it',
    code: 0,
    output: /canary: \d+ spans? of apiserver, \d+ spans? of etcd in /,
  },
  { name: 'get nodes by a port-forward, with its authority and token', code: 0, output: /"verdict": "complete"/ },
  { name: 'get nodes without the token', code: 5, output: /401/ },
  { name: 'the address of the node without the token', code: 0, output: /^401$/ },
  { name: 'the address of the node with the token', code: 0, output: /^200$/ },
  { name: 'the address of the node in plain text', code: 0, output: /^400$/ },
  { name: 'the port for spans from the network', code: 7, output: /^000$/ },
  { name: 'the port for spans from the node', code: 0, output: /^404$/ },
  { name: 'the Secret is renewed', code: 0, output: /secret\/kubectl-trace-serve replaced/ },
  { name: 'the renewed token', code: 0, output: /^200$/ },
  { name: 'the former token', code: 0, output: /^401$/ },
  { name: 'restarts of the pod', code: 0, output: /^0$/ },
];

/** A line for each step that is missing or ended in another way. */
export function falsehoods(steps: readonly RecordedStep[]): readonly string[] {
  return EXPECTED.flatMap(({ name, code, output }) => {
    const step = steps.find((each) => each.name === name);
    if (step === undefined) return [`${name}: it has not been played`];
    if (step.code !== code) return [`${name}: exit code ${step.code} instead of ${code}`];
    return output.test(step.output) ? [] : [`${name}: its output is not like ${output}`];
  });
}
