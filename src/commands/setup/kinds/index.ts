import type { SetupKind } from '../../../control-plane/possibilities.ts';
import type { MakePlan } from '../plan.ts';
import { clusterAPI } from './cluster-api.ts';
import { kind } from './kind.ts';
import { kubeadm } from './kubeadm.ts';
import { minikube } from './minikube.ts';
import { k3s, rke2 } from './rancher.ts';
import { staticPods } from './static-pods.ts';
import { systemd } from './systemd.ts';
import { talos } from './talos.ts';

/** How each kind of cluster is changed. */
export const PLANS: Readonly<Record<SetupKind, MakePlan>> = {
  kubeadm,
  kind,
  minikube,
  k3s,
  rke2,
  talos,
  'cluster-api': clusterAPI,
  'static-pods': staticPods,
  systemd,
};
