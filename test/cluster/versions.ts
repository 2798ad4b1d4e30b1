import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type ServerName = 'etcd' | 'kube-apiserver' | 'kubectl' | 'jaeger';

/** A program of the test cluster, as it is built from the Go module that pins it. */
export interface Server {
  readonly name: ServerName;
  /** Without the leading "v". */
  readonly version: string;
  /** The folder with the go.mod and go.sum it is built from. */
  readonly module: string;
  readonly package: string;
  readonly ldflags: string;
  /** How long a build with an empty Go cache takes on two cores, for the progress line. */
  readonly expected: string;
  /** The environment variable that names a ready executable to be used instead. */
  readonly variable: string;
}

const modules = fileURLToPath(new URL('servers/', import.meta.url));

/** The version that a module's go.mod requires: the one place where versions are written. */
function requiredVersion(folder: string, modulePath: string): string {
  const text = readFileSync(`${modules}${folder}/go.mod`, 'utf8');
  const line = text.split('\n').find((each) =>
    each
      .replace(/^require/, '')
      .trim()
      .startsWith(`${modulePath} v`),
  );
  if (line === undefined) throw new Error(`${modules}${folder}/go.mod does not require ${modulePath}`);
  return line.replace(/^.* v/, '').replace(/ .*$/, '');
}

const etcd = requiredVersion('etcd', 'go.etcd.io/etcd/server/v3');
const kubernetes = requiredVersion('kubernetes', 'k8s.io/kubernetes');
const jaeger = requiredVersion('jaeger', 'github.com/jaegertracing/jaeger');

const stripped = '-s -w';
// Without these /version says v0.0.0: Kubernetes sets them in hack/lib/version.sh.
const [major, minor] = kubernetes.split('.');
const stamp = Object.entries({ gitVersion: `v${kubernetes}`, gitMajor: major, gitMinor: minor })
  .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
  .join(' ');

/** The longest build first, so that it does not end up alone at the end. */
export const servers: readonly Server[] = [
  {
    name: 'kube-apiserver',
    version: kubernetes,
    module: `${modules}kubernetes`,
    package: 'k8s.io/kubernetes/cmd/kube-apiserver',
    ldflags: `${stripped} ${stamp}`,
    expected: '3 to 7 minutes',
    variable: 'KUBECTL_TRACE_TEST_KUBE_APISERVER',
  },
  {
    name: 'jaeger',
    version: jaeger,
    module: `${modules}jaeger`,
    package: 'github.com/jaegertracing/jaeger/cmd/all-in-one',
    ldflags: stripped,
    expected: 'about 2 minutes',
    variable: 'KUBECTL_TRACE_TEST_JAEGER',
  },
  {
    name: 'etcd',
    version: etcd,
    module: `${modules}etcd`,
    package: 'go.etcd.io/etcd/server/v3',
    ldflags: stripped,
    expected: 'about a minute',
    variable: 'KUBECTL_TRACE_TEST_ETCD',
  },
  // Last: most of what it is made of is then in Go's build cache already, from kube-apiserver.
  {
    name: 'kubectl',
    version: kubernetes,
    module: `${modules}kubernetes`,
    package: 'k8s.io/kubernetes/cmd/kubectl',
    ldflags: `${stripped} ${stamp}`,
    expected: '1 to 3 minutes',
    variable: 'KUBECTL_TRACE_TEST_KUBECTL',
  },
];
