import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { componentPod } from '../../../src/control-plane/component-pod.ts';
import { detectKind, type ClusterFacts, type ClusterKind } from '../../../src/control-plane/kind.ts';
import { nodeFacts } from '../../../src/control-plane/objects.ts';
import { KIND_FACTS, SETUP_KINDS } from '../../../src/control-plane/possibilities.ts';

const facts = (given: Partial<ClusterFacts>): ClusterFacts => ({
  gitVersion: 'v1.33.1',
  server: 'https://10.0.0.1:6443',
  nodes: undefined,
  components: undefined,
  apiGroups: undefined,
  ...given,
});

interface NodeParts {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly providerID?: string;
  readonly osImage?: string;
}

const node = ({ labels, annotations, providerID, osImage }: NodeParts): ClusterFacts['nodes'] => [
  nodeFacts({
    metadata: { name: 'one', labels, annotations },
    spec: { providerID },
    status: { nodeInfo: { osImage } },
  }),
];

const CRI_SOCKET = { 'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/containerd/containerd.sock' };
const CONTROL_PLANE = { 'node-role.kubernetes.io/control-plane': '' };

const apiserver = (annotations: Record<string, string>): ClusterFacts['components'] => [
  componentPod({
    metadata: { name: 'kube-apiserver-one', annotations },
    spec: { containers: [{ name: 'kube-apiserver', command: ['kube-apiserver'] }] },
  })!,
];

const cases: readonly (readonly [title: string, given: Partial<ClusterFacts>, kind: ClusterKind, evidence: RegExp])[] =
  [
    ['EKS by its version', { gitVersion: 'v1.31.2-eks-7f9249a' }, 'eks', /version is v1\.31\.2-eks-7f9249a/],
    ['EKS by its address', { server: 'https://ABC.gr7.us-east-1.eks.amazonaws.com' }, 'eks', /name is abc\.gr7\./],
    ['GKE by its version', { gitVersion: 'v1.33.1-gke.1744000' }, 'gke', /gke\.1744000/],
    ['AKS by its address', { server: 'https://x.hcp.westeurope.azmk8s.io:443' }, 'aks', /azmk8s/],
    ['AKS by a label', { nodes: node({ labels: { 'kubernetes.azure.com/cluster': 'MC_x' } }) }, 'aks', /node one has/],
    ['OpenShift by an API group', { apiGroups: ['apps', 'config.openshift.io'] }, 'openshift', /config\.openshift\.io/],
    ['RKE2', { gitVersion: 'v1.32.3+rke2r1' }, 'rke2', /rke2r1/],
    ['K3s', { gitVersion: 'v1.32.3+k3s1' }, 'k3s', /k3s1/],
    ['Talos', { nodes: node({ osImage: 'Talos (v1.11.2)' }) }, 'talos', /runs Talos \(v1\.11\.2\)/],
    [
      'kind, which uses kubeadm',
      { nodes: node({ providerID: 'kind://docker/kind/kind-control-plane', annotations: CRI_SOCKET }) },
      'kind',
      /provider ID kind:/,
    ],
    [
      'minikube, which uses kubeadm',
      { nodes: node({ labels: { 'minikube.k8s.io/version': 'v1.37.0' }, annotations: CRI_SOCKET }) },
      'minikube',
      /minikube/,
    ],
    [
      'Cluster API, which uses kubeadm',
      {
        nodes: node({
          labels: CONTROL_PLANE,
          annotations: { 'cluster.x-k8s.io/owner-kind': 'KubeadmControlPlane', ...CRI_SOCKET },
        }),
      },
      'cluster-api',
      /KubeadmControlPlane/,
    ],
    ['kubeadm by its nodes', { nodes: node({ annotations: CRI_SOCKET }) }, 'kubeadm', /cri-socket/],
    [
      'kubeadm by its pods',
      { components: apiserver({ 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': '10.0.0.1:6443' }) },
      'kubeadm',
      /pod kube-apiserver-one/,
    ],
    ['static pods', { components: apiserver({ 'kubernetes.io/config.mirror': '0123' }) }, 'static-pods', /static pod/],
    // Self-made names must not mislead: a node called after GKE, an address that only contains a name.
    ['nothing', {}, 'unknown', /nodes could not be read/],
    ['a foreign name', { server: 'https://eks.amazonaws.com.example.org' }, 'unknown', /names no distribution/],
    ['an ordinary node', { nodes: node({}), components: [] }, 'unknown', /systemd/],
    [
      'an inherited name',
      { nodes: node({ labels: JSON.parse('{"constructor":"x"}') as Record<string, string> }) },
      'unknown',
      /no node/,
    ],
  ];

suite('the kind of a cluster', () => {
  for (const [title, given, kind, evidence] of cases) {
    test(`${kind}: ${title}`, () => {
      const found = detectKind(facts(given));
      assert.equal(found.kind, kind);
      assert.match(found.evidence.join('; '), evidence);
    });
  }

  test('has a set of files to print, or a reason', () => {
    for (const [kind, { setup, note }] of Object.entries(KIND_FACTS)) {
      assert.ok(setup !== undefined || note !== undefined, kind);
    }
    const explained = Object.values(KIND_FACTS).flatMap(({ setup }) => setup ?? []);
    assert.deepEqual(explained.toSorted(), [...SETUP_KINDS].toSorted());
  });
});

test('a node of another form than expected is empty, and not an error', () => {
  for (const value of [null, 'text', [], { metadata: 'text', status: { nodeInfo: [], addresses: {} } }]) {
    const { name, labels, osImage, internalIP } = nodeFacts(value);
    assert.deepEqual([name, labels, osImage, internalIP], ['', {}, '', '']);
  }
});
