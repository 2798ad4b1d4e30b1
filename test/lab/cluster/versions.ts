import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type ServerName = 'etcd' | 'kube-apiserver' | 'kubectl' | 'jaeger';

/** A program that the tests need, as it is built from the Go module that pins it. */
export interface Program {
  readonly name: string;
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
  /** Its name in KUBEBUILDER_ASSETS, the folder of controller-runtime's envtest, where it may be taken from. */
  readonly asset?: string;
}

/** A program of the test cluster. */
export interface Server extends Program {
  readonly name: ServerName;
}

/** The folders of the Go modules, one or more servers each. */
export const modules = fileURLToPath(new URL('servers/', import.meta.url));

/** Reports spans at a given rate by OpenTelemetry's SDK for Go, of the version that etcd has. */
export const otlpLoad: Program = {
  name: 'otlp-load',
  version: '1',
  module: fileURLToPath(new URL('programs/otlp-load', import.meta.url)),
  package: '.',
  ldflags: '-s -w',
  expected: 'half a minute',
  variable: 'KUBECTL_TRACE_TEST_OTLP_LOAD',
};

/** Prints when packets passed this machine's loopback. */
export const packetTimes: Program = {
  name: 'packet-times',
  version: '1',
  module: fileURLToPath(new URL('programs/packet-times', import.meta.url)),
  package: '.',
  ldflags: '-s -w',
  expected: 'a few seconds',
  variable: 'KUBECTL_TRACE_TEST_PACKET_TIMES',
};

/** A client of the API server that is not kubectl. */
export const helm: Program = {
  name: 'helm',
  version: requiredVersion('helm', 'helm.sh/helm/v4'),
  module: `${modules}helm`,
  package: 'helm.sh/helm/v4/cmd/helm',
  ldflags: '-s -w',
  expected: '2 to 4 minutes',
  variable: 'KUBECTL_TRACE_TEST_HELM',
};

/** The version that a module's go.mod requires: the one place where versions are written. */
export function requiredVersion(folder: string, modulePath: string): string {
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
const jaeger = requiredVersion('jaeger', 'github.com/jaegertracing/jaeger');

/** Jaeger's own example: six services, none of which has heard of Kubernetes. */
export const hotrod: Program = {
  name: 'hotrod',
  version: jaeger,
  module: `${modules}jaeger`,
  package: 'github.com/jaegertracing/jaeger/examples/hotrod',
  ldflags: '-s -w',
  expected: 'half a minute after Jaeger',
  variable: 'KUBECTL_TRACE_TEST_HOTROD',
};

/** The version of kubectl, and of kube-apiserver unless another one is given. */
export const defaultKubernetes = requiredVersion('kubernetes', 'k8s.io/kubernetes');

/** The folder of the Go module for each available version of kube-apiserver. */
const kubernetesModules: ReadonlyMap<string, string> = new Map(
  readdirSync(modules)
    .filter((folder) => /^kubernetes(-|$)/.test(folder))
    .map((folder) => [requiredVersion(folder, 'k8s.io/kubernetes'), folder]),
);

/** The newest first. */
export const kubernetesVersions: readonly string[] = [...kubernetesModules.keys()].sort(
  (one, other) => minorOf(other) - minorOf(one),
);

/** Those whose traces are recorded: `npm run record`. */
export const tracedVersions: readonly string[] = kubernetesVersions.filter((version) => minorOf(version) >= 29);

/** Those that are measured without tracing: `npm run record:metrics`. */
export const measuredVersions: readonly string[] = kubernetesVersions.filter((version) =>
  [32, 34, 36, 37].includes(minorOf(version)),
);

/** Those that attach no exemplars, where `--metrics=delta` shows etcd. */
export const comparedVersions: readonly string[] = kubernetesVersions.filter((version) => minorOf(version) < 32);

/** The 37 of 1.37.2. */
export function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

export const stripped = '-s -w';

/** Without these /version says v0.0.0: Kubernetes sets them in hack/lib/version.sh. */
export function stamp(kubernetes: string): string {
  const [major, minor] = kubernetes.split('.');
  return Object.entries({ gitVersion: `v${kubernetes}`, gitMajor: major, gitMinor: minor })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
}

function kubeApiserver(version: string): Server {
  const folder = kubernetesModules.get(version);
  if (folder === undefined) {
    throw new Error(`no kube-apiserver ${version} here: there are ${kubernetesVersions.join(', ')}`);
  }
  const variable = 'KUBECTL_TRACE_TEST_KUBE_APISERVER';
  return {
    name: 'kube-apiserver',
    version,
    module: `${modules}${folder}`,
    package: 'k8s.io/kubernetes/cmd/kube-apiserver',
    ldflags: `${stripped} ${stamp(version)}`,
    expected: '4 to 9 minutes',
    // An executable of unknown version cannot serve for another version.
    ...(version === defaultKubernetes
      ? { variable, asset: 'kube-apiserver' }
      : { variable: `${variable}_1_${minorOf(version)}` }),
  };
}

/**
 * Executables of a cluster of that Kubernetes version. The longest build comes first, so that it does not run alone at
 * the end.
 */
export function serversOf(kubernetes = defaultKubernetes): readonly Server[] {
  return [
    kubeApiserver(kubernetes),
    {
      name: 'jaeger',
      version: jaeger,
      module: `${modules}jaeger`,
      package: 'github.com/jaegertracing/jaeger/cmd/all-in-one',
      ldflags: stripped,
      expected: '2 to 4 minutes',
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
      asset: 'etcd',
    },
    // Last: most of what it is made of is then in Go's build cache already, from kube-apiserver.
    {
      name: 'kubectl',
      version: defaultKubernetes,
      module: `${modules}kubernetes`,
      package: 'k8s.io/kubernetes/cmd/kubectl',
      ldflags: `${stripped} ${stamp(defaultKubernetes)}`,
      expected: '1 to 3 minutes',
      variable: 'KUBECTL_TRACE_TEST_KUBECTL',
      asset: 'kubectl',
    },
  ];
}

/**
 * Jaeger 2, which is a Collector too and fans spans out. 2.13.0 is the same commit as 1.76.0, which Go's modules know it
 * by.
 */
export const jaeger2: Program = {
  name: 'jaeger-2',
  version: requiredVersion('jaeger-2', 'github.com/jaegertracing/jaeger'),
  module: `${modules}jaeger-2`,
  package: 'github.com/jaegertracing/jaeger/cmd/jaeger',
  ldflags: stripped,
  expected: '3 to 5 minutes',
  variable: 'KUBECTL_TRACE_TEST_JAEGER_2',
};

/** Zipkin takes no OTLP, and that Collector cannot write anything else. */
export const otlpToZipkin: Program = {
  name: 'otlp-to-zipkin',
  version: requiredVersion(
    'jaeger-2',
    'github.com/open-telemetry/opentelemetry-collector-contrib/pkg/translator/zipkin',
  ),
  module: `${modules}jaeger-2`,
  package: './otlp-to-zipkin',
  ldflags: stripped,
  expected: 'a few seconds',
  variable: 'KUBECTL_TRACE_TEST_OTLP_TO_ZIPKIN',
};

/** The part of a kubelet that serves port-forwards. */
export const portForward: Program = {
  name: 'port-forward',
  version: requiredVersion('port-forward', 'k8s.io/cri-streaming'),
  module: `${modules}port-forward`,
  package: '.',
  ldflags: stripped,
  expected: 'a few seconds',
  variable: 'KUBECTL_TRACE_TEST_PORT_FORWARD',
};

/** Earlier versions of etcd, whose flags and sampling differ. Built with `npm run record:flags` alone. */
export const earlierEtcds: readonly Program[] = ['3.5.4', '3.5.10', '3.5.21', '3.6.16'].map((version) => ({
  name: 'etcd',
  version: requiredVersion(`etcd-${version}`, 'go.etcd.io/etcd/server/v3'),
  module: `${modules}etcd-${version}`,
  package: 'go.etcd.io/etcd/server/v3',
  ldflags: stripped,
  expected: 'about a minute',
  variable: `KUBECTL_TRACE_TEST_ETCD_${version.replaceAll('.', '_')}`,
}));

/** Executables that only the tests of trace backends need. */
export const backendPrograms: readonly Program[] = [jaeger2, otlpToZipkin, portForward];
