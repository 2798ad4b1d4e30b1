import type { Entry } from '../entry.ts';

type More = Partial<Pick<Entry, 'slow' | 'next' | 'since'>>;

const POLICY = 'k8s.io/apiserver pkg/admission/plugin';

/** Each with its folder, in k8s.io/kubernetes plugin/pkg/admission where it names no module. */
const PLUGINS: readonly (readonly [name: string, folder: string, summary: string, more?: More])[] = [
  ['AlwaysAdmit', 'admit', 'admits everything; deprecated'],
  ['AlwaysDeny', 'deny', 'refuses everything; deprecated'],
  ['AlwaysPullImages', 'alwayspullimages', 'sets imagePullPolicy Always on pods'],
  ['CertificateApproval', 'certificates/approval', 'may this user approve the certificate'],
  ['CertificateSigning', 'certificates/signing', 'may this user sign the certificate'],
  ['CertificateSubjectRestriction', 'certificates/subjectrestriction', 'refuses certificates of system:masters'],
  ['ClusterTrustBundleAttest', 'certificates/ctbattest', 'may this user attest a ClusterTrustBundle'],
  ['DefaultIngressClass', 'network/defaultingressclass', 'sets the default IngressClass'],
  ['DefaultStorageClass', 'storage/storageclass/setdefault', 'sets the default StorageClass on a claim'],
  ['DefaultTolerationSeconds', 'defaulttolerationseconds', 'tolerates unreachable nodes for 300 s'],
  ['DenyServiceExternalIPs', 'network/denyserviceexternalips', 'refuses new externalIPs on Services'],
  ['EventRateLimit', 'eventratelimit', 'limits how fast Events are written'],
  ['ExtendedResourceToleration', 'extendedresourcetoleration', 'tolerates the taints of GPU nodes'],
  [
    'ImagePolicyWebhook',
    'imagepolicy',
    'a webhook decides on the images of a pod',
    { slow: 'the webhook, which has no span', next: "the webhook's kubeconfig in the admission configuration" },
  ],
  ['JobValidation', 'job', 'checks Jobs with a gang-scheduled PodGroup', { since: 'Kubernetes 1.36 only' }],
  ['LimitPodHardAntiAffinityTopology', 'antiaffinity', 'limits required pod anti-affinity'],
  ['LimitRanger', 'limitranger', 'defaults and limits of LimitRanges'],
  [
    'MutatingAdmissionPolicy',
    `${POLICY}/policy/mutating`,
    'changes of MutatingAdmissionPolicies',
    { slow: 'the policies below it', next: 'mutating policy NAME below it' },
  ],
  [
    'MutatingAdmissionWebhook',
    `${POLICY}/webhook/mutating`,
    'calls mutating webhooks, one by one',
    { slow: 'the webhooks below it', next: 'Call mutating webhook below it' },
  ],
  ['NamespaceAutoProvision', 'namespace/autoprovision', 'creates a missing namespace'],
  ['NamespaceExists', 'namespace/exists', 'refuses objects in missing namespaces'],
  [
    'NamespaceLifecycle',
    `${POLICY}/namespace/lifecycle`,
    'refuses objects in ending namespaces',
    {
      slow: 'a namespace that its cache does not have yet: it is read from the API server, in another trace',
      next: 'whether the namespace was just created',
    },
  ],
  [
    'NodeDeclaredFeatureValidator',
    'nodedeclaredfeatures',
    "does the node support the pod's features",
    { since: 'Kubernetes 1.35' },
  ],
  ['NodeRestriction', 'noderestriction', 'limits a kubelet to its node and pods'],
  [
    'OwnerReferencesPermissionEnforcement',
    'gc',
    'may this user change owners',
    { slow: 'an authorization webhook, for each owner', next: 'the authorizers of the API server' },
  ],
  ['PersistentVolumeClaimResize', 'storage/persistentvolume/resize', 'does the StorageClass allow the resize'],
  [
    'PodGroupProtection',
    'scheduling/podgroupprotection',
    'puts a finalizer on new PodGroups',
    { since: 'Kubernetes 1.36' },
  ],
  ['PodGroupWorkloadExists', 'podgroup', 'refuses PodGroups of a missing Workload', { since: 'Kubernetes 1.36 only' }],
  ['PodNodeSelector', 'podnodeselector', 'node selectors from the namespace'],
  ['PodResizeValidator', 'podresize', "does the node allow the pod's resize", { since: 'Kubernetes 1.36' }],
  [
    'PodSecurity',
    'security/podsecurity',
    'Pod Security Standards of the namespace',
    {
      slow: 'a namespace whose level is changed: all its pods are checked for warnings',
      next: 'the labels pod-security.kubernetes.io/… of the namespace',
    },
  ],
  ['PodTolerationRestriction', 'podtolerationrestriction', 'tolerations from the namespace'],
  ['PodTopologyLabels', 'podtopologylabels', 'copies zone and region to a bound pod', { since: 'Kubernetes 1.33' }],
  ['Priority', 'priority', 'the priority from the PriorityClass'],
  [
    'ResourceQuota',
    `${POLICY}/resourcequota`,
    'charges the quotas of the namespace',
    {
      slow: 'many writers in one namespace: each updates the quota in another trace, again on conflict',
      next: 'the number of quotas, and the rate of writes in the namespace',
    },
  ],
  ['RuntimeClass', 'runtimeclass', 'overhead of the RuntimeClass'],
  [
    'ServiceAccount',
    'serviceaccount',
    "the pod's service account and token",
    {
      slow: 'a service account that its cache does not have yet: it is read again, in another trace',
      next: 'whether the service account was just created',
    },
  ],
  ['StorageObjectInUseProtection', 'storage/storageobjectinuseprotection', 'puts finalizers on new volumes and claims'],
  ['TaintNodesByCondition', 'nodetaint', 'taints new nodes as not ready'],
  [
    'ValidatingAdmissionPolicy',
    `${POLICY}/policy/validating`,
    'checks of ValidatingAdmissionPolicies',
    { slow: 'the policies below it', next: 'validating policy NAME below it' },
  ],
  [
    'ValidatingAdmissionWebhook',
    `${POLICY}/webhook/validating`,
    'calls the validating webhooks, all at once',
    { slow: 'the slowest webhook below it', next: 'Call validating webhook below it' },
  ],
];

/** The admission plug-ins of the kube-apiserver, whose times metrics show. */
export const ADMISSION_PLUGINS: readonly Entry[] = PLUGINS.map(([name, folder, summary, more]) => ({
  name,
  summary,
  since: 'Kubernetes 1.32',
  source: folder.includes(' ') ? folder : `k8s.io/kubernetes plugin/pkg/admission/${folder}`,
  slow: 'hardly ever: it works in memory, on objects that it has cached',
  next: 'another row: this one is rarely the cause',
  ...more,
}));
