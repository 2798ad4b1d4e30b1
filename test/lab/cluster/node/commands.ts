import { join } from 'node:path';
import type { Ports } from '../commands.ts';
import type { Outside } from './outside.ts';

/** Where the node's folder is within its mount namespace: the same on every machine, and short enough for a socket. */
export const inside = '/run/node';
export const nodeName = 'lab1';
/** Host in image names; containerd pulls from the tests' own registry instead. */
export const registryHost = 'registry.test';
/** Host in names of images that need credentials. */
export const privateHost = 'private.test';

/** Kernel settings that the kubelet writes and containerd's CNI plugin enables. The node writes these into its own files. */
export const kernelSettings: Readonly<Record<string, string>> = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/keys/root_maxbytes': '25000000',
  'net/ipv4/ip_forward': '1',
};

/** Everything below `folder` that is laid over the machine's, in this order. */
export function mounts(folder: string): string[] {
  return [
    'tmpfs=/run',
    // The kubelet makes links to the logs of containers in /var/log/containers.
    'tmpfs=/var/log',
    `${folder}=${inside}`,
    ...Object.keys(kernelSettings).map((name) => `${join(folder, 'sysctl', name)}=/proc/sys/${name}`),
  ];
}

export function containerdConfiguration(): string {
  return `version = 3
root = '${inside}/containerd/root'
state = '${inside}/containerd/state'
disabled_plugins = ['io.containerd.nri.v1.nri']
[grpc]
  address = '${inside}/containerd.sock'
[plugins.'io.containerd.cri.v1.images']
  [plugins.'io.containerd.cri.v1.images'.pinned_images]
    sandbox = '${registryHost}/pause:1'
  [plugins.'io.containerd.cri.v1.images'.registry]
    config_path = '${inside}/registries'
[plugins.'io.containerd.cri.v1.runtime']
  # Lowering a score takes CAP_SYS_RESOURCE, which root does not have everywhere.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ['${inside}/cni']
    conf_dir = '${inside}/cni-configuration'
    use_internal_loopback = true
`;
}

/** For `config_path`: where containerd goes for the images of a host. */
export function registryHosts(host: string, port: number): string {
  const url = `http://127.0.0.1:${port}/${host}/v2`;
  return `server = '${url}'\n[host.'${url}']\n  capabilities = ['pull', 'resolve']\n  override_path = true\n`;
}

export function networkConfiguration({ bridge, network }: Outside): unknown {
  return {
    cniVersion: '1.0.0',
    name: 'lab',
    plugins: [
      {
        type: 'bridge',
        bridge,
        isGateway: true,
        ipam: {
          type: 'host-local',
          dataDir: `${inside}/cni-state`,
          ranges: [[{ subnet: `${network}.0/24`, gateway: `${network}.1` }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  };
}

export function kubeletConfiguration(ports: Ports, { cgroup, network }: Outside): unknown {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: `${network}.1`,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: `${inside}/ca.crt` },
    },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${inside}/containerd.sock`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: cgroup,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    makeIPTablesUtilChains: false,
    resolvConf: '',
    clusterDNS: ['10.96.0.10'],
    clusterDomain: 'cluster.local',
    podLogsDir: `${inside}/pod-logs`,
    volumePluginDir: `${inside}/volume-plugins`,
    evictionHard: {},
    // Many pods start at once, and each event of theirs is looked for.
    eventRecordQPS: 0,
    tracing: { endpoint: `127.0.0.1:${ports.otlpGRPC}`, samplingRatePerMillion: 1_000_000 },
  };
}

export function kubeletArgs({ network }: Outside): string[] {
  return [
    `--config=${inside}/kubelet.json`,
    `--kubeconfig=${inside}/kubelet.kubeconfig`,
    `--hostname-override=${nodeName}`,
    `--node-ip=${network}.1`,
    `--root-dir=${inside}/kubelet`,
    `--cert-dir=${inside}/kubelet-certificates`,
  ];
}

export function controllerManagerArgs(folder: string): string[] {
  return [
    `--kubeconfig=${join(folder, 'node', 'kube-controller-manager.kubeconfig')}`,
    `--service-account-private-key-file=${join(folder, 'service-account.key')}`,
    `--root-ca-file=${join(folder, 'ca.crt')}`,
    '--use-service-account-credentials',
    // It makes the folder, wherever that is.
    `--flex-volume-plugin-dir=${join(folder, 'node', 'volume-plugins')}`,
    // How long a kubelet may say nothing until its node is called Unknown; 50 s by default.
    '--node-monitor-grace-period=20s',
    '--leader-elect=false',
    '--secure-port=0',
  ];
}

export function schedulerArgs(folder: string): string[] {
  return [
    `--kubeconfig=${join(folder, 'node', 'kube-scheduler.kubeconfig')}`,
    '--leader-elect=false',
    '--secure-port=0',
  ];
}

/** containerd's tracing is set only in its environment; it records the calls that the kubelet traces. */
export function containerdEnvironment(ports: Ports): NodeJS.ProcessEnv {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${ports.otlpGRPC}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_SERVICE_NAME: 'containerd',
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
  };
}
