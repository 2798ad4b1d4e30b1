const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Kubernetes', etcd's and this program's own terms: they identify no object of the user. */
const VOCABULARY: ReadonlySet<string> = new Set([
  // Resources, their short names, and where etcd keeps them.
  ...words(`
    bindings componentstatuses configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims
    persistentvolumes pods podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services
    mutatingwebhookconfigurations validatingwebhookconfigurations validatingadmissionpolicies
    validatingadmissionpolicybindings mutatingadmissionpolicies mutatingadmissionpolicybindings
    customresourcedefinitions apiservices controllerrevisions daemonsets deployments replicasets statefulsets
    selfsubjectreviews tokenreviews localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews
    subjectaccessreviews horizontalpodautoscalers cronjobs jobs certificatesigningrequests clustertrustbundles leases
    leasecandidates endpointslices flowschemas prioritylevelconfigurations ingressclasses ingresses ipaddresses
    networkpolicies servicecidrs runtimeclasses poddisruptionbudgets clusterrolebindings clusterroles rolebindings roles
    deviceclasses resourceclaims resourceclaimtemplates resourceslices priorityclasses csidrivers csinodes
    csistoragecapacities storageclasses volumeattachments volumeattributesclasses storageversions
    configmap endpoint event namespace node pod secret service serviceaccount deployment daemonset replicaset
    statefulset job cronjob ingress lease role crd crds
    cm ep ev limits ns no po pv pvc quota rc sa svc ds deploy rs sts hpa cj ing netpol pdb sc
    minions masterleases ranges serviceips servicenodeports specs statuses
  `),
  ...words('status scale log exec attach portforward proxy eviction binding token finalize ephemeralcontainers resize'),
  ...words('api apis registry healthz livez readyz metrics openapi version debug api_priority_and_fairness'),
  ...words('dump_priority_levels dump_queues dump_requests ping log poststarthook etcd health'),
  ...words('default kube-system kube-public kube-node-lease kubernetes localhost docs findings.md trace traces'),
  ...words(
    'exempt global-default catch-all leader-election node-high system workload-high workload-low service-accounts',
  ),
  ...words('probes system-leader-election workload-leader-election endpoint-controller system-nodes system-node-high'),
  ...words('kube-controller-manager kube-scheduler kube-system-service-accounts'),
  ...words('get create apply replace patch delete raw show run list watch GET POST PUT PATCH DELETE HEAD OPTIONS'),
  ...words(
    'tree wide summary json yaml name otlp markdown svg perfetto speedscope folded strategic merge strict warn ignore server none',
  ),
  ...words('auto always never true false last Orphan Background Foreground background foreground orphan All'),
  ...words('apps autoscaling batch policy extensions'),
  ...words('kubectl helm sh'),
]);

/** Groups of Kubernetes' own API. */
const GROUP = /^([a-z.]+\.)?k8s\.io$/;

/** Versions of an API, templates of paths, IDs of traces and spans, numbers and durations. */
const PLAIN = /^([0-9a-f]{32}|[0-9a-f]{16}|v\d+((alpha|beta)\d+)?|\{[^{}]*\}|[-+]?\d[\d.]*(ns|us|µs|ms|s|m|h)?)$/;

/** A word that says nothing about whose cluster it is. */
export const isVocabulary = (word: string): boolean =>
  word === '' || VOCABULARY.has(word) || GROUP.test(word) || PLAIN.test(word);

/** Services whose names are those of the programs. */
const SERVICES = new Set(
  words('apiserver etcd kubelet containerd crio kube-scheduler kube-controller-manager kubectl-trace unknown_service'),
);

export const isKnownService = (service: string): boolean => service === '' || SERVICES.has(service);

/** Parameters of a request whose values are no names. */
const PARAMETERS = new Set(
  words(`
    limit resourceVersion resourceVersionMatch timeoutSeconds timeout watch dryRun fieldValidation force pretty verbose
    allowWatchBookmarks sendInitialEvents propagationPolicy gracePeriodSeconds orphanDependents
  `),
);

export const isPlainParameter = (name: string): boolean => PARAMETERS.has(name);
