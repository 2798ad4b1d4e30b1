import { fileURLToPath } from 'node:url';
import { defaultKubernetes, modules, requiredVersion, stamp, stripped, type Program } from '../versions.ts';

/** Programs of a node and its control loops. `bridge` and `host-local` are its CNI plugins; `lab` is the tests' own. */
export type NodeProgram =
  | 'kubelet'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'containerd'
  | 'containerd-shim-runc-v2'
  | 'bridge'
  | 'host-local'
  | 'lab';

interface NodeServer extends Program {
  readonly name: NodeProgram;
}

const kubernetes = (name: 'kubelet' | 'kube-controller-manager' | 'kube-scheduler', expected: string): NodeServer => ({
  name,
  version: defaultKubernetes,
  module: `${modules}kubelet`,
  package: `k8s.io/kubernetes/cmd/${name}`,
  ldflags: `${stripped} ${stamp(defaultKubernetes)}`,
  expected,
  variable: `KUBECTL_TRACE_TEST_${name.toUpperCase().replaceAll('-', '_')}`,
});

const containerd = (name: 'containerd' | 'containerd-shim-runc-v2'): NodeServer => ({
  name,
  version: requiredVersion('containerd', 'github.com/containerd/containerd/v2'),
  module: `${modules}containerd`,
  package: `github.com/containerd/containerd/v2/cmd/${name}`,
  ldflags: stripped,
  expected: 'about a minute',
  variable: `KUBECTL_TRACE_TEST_${name.toUpperCase().replaceAll('-', '_')}`,
});

const plugin = (name: 'bridge' | 'host-local', path: string): NodeServer => ({
  name,
  version: requiredVersion('cni', 'github.com/containernetworking/plugins'),
  module: `${modules}cni`,
  package: `github.com/containernetworking/plugins/plugins/${path}`,
  ldflags: stripped,
  expected: 'a few seconds',
  variable: `KUBECTL_TRACE_TEST_CNI_${name.toUpperCase().replaceAll('-', '_')}`,
});

/** The longest builds first. */
export const nodePrograms: readonly NodeServer[] = [
  kubernetes('kubelet', '2 to 5 minutes'),
  kubernetes('kube-controller-manager', '1 to 3 minutes'),
  kubernetes('kube-scheduler', 'about a minute'),
  containerd('containerd'),
  containerd('containerd-shim-runc-v2'),
  plugin('bridge', 'main/bridge'),
  plugin('host-local', 'ipam/host-local'),
  {
    name: 'lab',
    version: '1',
    module: fileURLToPath(new URL('../programs/lab', import.meta.url)),
    package: '.',
    ldflags: stripped,
    expected: 'a few seconds',
    variable: 'KUBECTL_TRACE_TEST_LAB',
  },
];
