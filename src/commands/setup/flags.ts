import type { Flag } from '../../cli/flag.ts';

/** The flags of `setup`. */
export const SETUP_FLAGS: readonly Flag[] = [
  {
    name: 'endpoint',
    type: 'string',
    group: 'setup',
    placeholder: 'HOST:PORT',
    help: 'Receiver of OTLP over gRPC, as the control plane reaches it; the one of setup backend, or 127.0.0.1:4317 if omitted',
  },
  {
    name: 'sampling-rate',
    type: 'integer',
    group: 'setup',
    placeholder: 'N',
    help: 'Requests per million that the API server and etcd record of their own choice; 0 from Kubernetes 1.33, 1000000 before',
  },
  {
    name: 'kubelet-sampling-rate',
    type: 'integer',
    group: 'setup',
    placeholder: 'N',
    default: '1000000',
    help: "Pod syncs per million that the kubelet records; no other component's trace reaches it, so that 0 records nothing",
  },
  {
    name: 'kubernetes-version',
    type: 'string',
    group: 'setup',
    placeholder: 'VERSION',
    help: 'Print the files for this version, without querying a cluster; KIND is required then',
  },
  {
    name: 'etcd-version',
    type: 'string',
    group: 'setup',
    placeholder: 'VERSION',
    help: "Version of etcd, where it is not that of the cluster's pods or of kubeadm",
  },
  {
    name: 'image',
    type: 'string',
    group: 'setup',
    placeholder: 'IMAGE',
    help: 'Image of the backend; required for setup backend serve',
  },
  {
    name: 'tracer-name',
    type: 'string',
    group: 'setup',
    placeholder: 'NAME',
    default: 'kubectl-trace',
    help: 'Name of the tracer user that setup identity makes, in the kubeconfig and in the cluster',
  },
  {
    name: 'duration',
    type: 'duration',
    group: 'setup',
    placeholder: 'DURATION',
    default: '8h',
    help: 'Lifetime of the certificate of setup identity, at least 10m; the cluster may shorten it',
  },
  {
    name: 'subject',
    type: 'string',
    group: 'setup',
    placeholder: 'user:NAME|group:NAME',
    help: 'Who gets the permission of setup metrics-reader; the current user if omitted',
  },
  {
    name: 'apply',
    type: 'boolean',
    group: 'setup',
    help: 'Change the cluster instead of printing: setup metrics-reader',
  },
  { name: 'undo', type: 'boolean', group: 'setup', help: 'Remove everything that the same command made' },
  { name: 'yes', alias: 'y', type: 'boolean', group: 'setup', help: 'Make changes without a prompt, for scripts' },
];
