import type { ConnectionFlags } from '../../connection.ts';
import { apiserverTracing } from '../../control-plane/apiserver-tracing.ts';
import { endpointProblems } from '../../control-plane/endpoint.ts';
import { etcdTracing } from '../../control-plane/etcd-tracing.ts';
import { detectKind, type ClusterFacts } from '../../control-plane/kind.ts';
import { kubeadmEtcd } from '../../control-plane/kubeadm-etcd.ts';
import { kubeletTracing } from '../../control-plane/kubelet-tracing.ts';
import { isControlPlaneNode } from '../../control-plane/objects.ts';
import { KIND_FACTS, type SetupKind } from '../../control-plane/possibilities.ts';
import { samplingCost, usualSamplingRate } from '../../control-plane/tracing-configuration.ts';
import { formatVersion, parseVersion, type Version } from '../../control-plane/version.ts';
import { ExitCode, TraceCommandError, UsageError } from '../../errors.ts';
import { programName } from '../../format/program-name.ts';
import { escapeText } from '../../render/escape.ts';
import type { Runtime } from '../../runtime.ts';
import type { SetupTask } from './arguments.ts';
import type { FileOptions } from './file-options.ts';
import { backendEndpoint, readFacts } from './facts.ts';
import { PLANS } from './kinds/index.ts';
import type { PlanInput } from './plan.ts';
import { printPlan } from './print-plan.ts';
import { withCluster } from './setup-cluster.ts';

type FilesTask = Extract<SetupTask, { readonly kind: 'files' }>;

/** The facts that decide on files, found or given. */
interface Found {
  readonly setup: SetupKind;
  readonly version: Version;
  readonly etcdVersion: Version | undefined;
  readonly runtime: string | undefined;
  readonly endpoint: string;
  /** Sentences about how each was found. */
  readonly sources: readonly string[];
}

/** `setup [KIND]`: prints the files and commands that switch tracing on. Changes nothing. */
export async function printFiles(
  task: FilesTask,
  connection: ConnectionFlags,
  runtime: Runtime,
  version: string,
): Promise<ExitCode> {
  const found = await findFacts(task, connection, runtime, version);
  const input = planInput(found, task.options);
  runtime.out.write(printPlan(PLANS[found.setup](input), headOf(found, input)));
  return ExitCode.ok;
}

const DEFAULT_ENDPOINT = '127.0.0.1:4317';

async function findFacts(
  { setup, options }: FilesTask,
  connection: ConnectionFlags,
  runtime: Runtime,
  version: string,
): Promise<Found> {
  if (options.kubernetesVersion !== undefined && setup !== undefined) {
    return {
      setup,
      version: options.kubernetesVersion,
      etcdVersion: options.etcdVersion ?? kubeadmEtcd(options.kubernetesVersion),
      runtime: undefined,
      endpoint: options.endpoint ?? DEFAULT_ENDPOINT,
      sources: ['No cluster was queried.'],
    };
  }
  return withCluster(connection, runtime, version, async (cluster) => {
    const facts = await readFacts(cluster);
    const kubernetes = parseVersion(facts.gitVersion);
    if (kubernetes === undefined) throw unknownVersion(facts.gitVersion);
    const inCluster = options.endpoint === undefined ? await backendEndpoint(cluster) : undefined;
    const { kind, sources } = chooseKind(setup, facts);
    return {
      setup: kind,
      version: kubernetes,
      etcdVersion: options.etcdVersion ?? etcdVersionOf(facts, kind, kubernetes),
      runtime: runtimeOf(facts),
      endpoint: options.endpoint ?? inCluster ?? DEFAULT_ENDPOINT,
      sources: [
        ...sources,
        ...(inCluster === undefined ? [] : [`${inCluster} is the backend that setup backend made in this cluster.`]),
      ],
    };
  });
}

function chooseKind(
  given: SetupKind | undefined,
  facts: ClusterFacts,
): { readonly kind: SetupKind; readonly sources: readonly string[] } {
  const detected = detectKind(facts);
  const { title, setup, note } = KIND_FACTS[detected.kind];
  const evidence = detected.evidence.map((text) => escapeText(text)).join('; ');
  if (given !== undefined) {
    const isOther = detected.kind !== 'unknown' && setup !== given;
    return { kind: given, sources: isOther ? [`This cluster looks like ${title}, not ${given}: ${evidence}.`] : [] };
  }
  if (setup !== undefined) return { kind: setup, sources: [`Detected ${title}: ${evidence}.`] };
  if (detected.kind === 'unknown') {
    throw new TraceCommandError(
      ExitCode.requestFailed,
      'UnknownKind',
      `this kind of cluster is not known: ${evidence}`,
      {
        hint: `name it, for example: ${programName()} setup systemd`,
      },
    );
  }
  throw new TraceCommandError(ExitCode.requestFailed, 'NotPossible', `this is ${title}: ${evidence}`, {
    ...(note !== undefined && { hint: note }),
  });
}

/** From etcd's pods, or else as kubeadm chooses it. K3s without etcd has kine. */
function etcdVersionOf({ components, nodes }: ClusterFacts, kind: SetupKind, kubernetes: Version): Version | undefined {
  const found = components?.find(({ component }) => component === 'etcd')?.version;
  if (found !== undefined) return found;
  const hasKine = kind === 'k3s' && nodes?.every(({ labels }) => labels['node-role.kubernetes.io/etcd'] === undefined);
  return hasKine === true ? undefined : kubeadmEtcd(kubernetes);
}

/** It is printed, so that it may hold nothing but a name and a version. */
function runtimeOf({ nodes = [] }: ClusterFacts): string | undefined {
  const text = (nodes.find(isControlPlaneNode) ?? nodes[0])?.containerRuntime ?? '';
  return /^[\w-]+:\/\/[\w.+~-]+$/.test(text) ? text : undefined;
}

const unknownVersion = (text: string): TraceCommandError =>
  new TraceCommandError(ExitCode.requestFailed, 'NoVersion', `the server's version is not known: ${text}`);

function planInput({ version, etcdVersion, runtime, endpoint }: Found, options: FileOptions): PlanInput {
  const apiserver = apiserverTracing(version);
  if (apiserver === undefined) {
    throw new UsageError('NotAvailable', `Kubernetes ${formatVersion(version)} does not trace`, {
      hint: 'the API server traces since 1.22',
    });
  }
  return {
    version,
    apiserver,
    etcd: etcdVersion === undefined ? undefined : etcdTracing(etcdVersion),
    kubelet: kubeletTracing(version),
    runtime,
    endpoint,
    samplingRate: options.samplingRate ?? usualSamplingRate(apiserver),
    kubeletSamplingRate: options.kubeletSamplingRate,
  };
}

function headOf({ setup, version, etcdVersion, endpoint, sources }: Found, input: PlanInput): readonly string[] {
  const etcd =
    etcdVersion === undefined
      ? 'no etcd'
      : `etcd ${formatVersion(etcdVersion)}${input.etcd ? '' : ', which does not trace'}`;
  return [
    `Tracing for ${KIND_FACTS[setup].title}: Kubernetes ${formatVersion(version)}, ${etcd}, spans to ${endpoint}.`,
    ...sources,
    'Nothing was changed. The commands below change your cluster; read them before you run them.',
    ...endpointProblems(endpoint).map(({ text }) => `Endpoint: ${text}.`),
    ...samplingCost(input.samplingRate, input.apiserver),
  ];
}
