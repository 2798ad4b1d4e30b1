import { Constants, lineOf, type GoFile, type GoSource } from './go-source.ts';

/** Reasons that the kubelet and the volume controllers of one Kubernetes version can write; each list sorted. */
export interface KubeletReasons {
  /** `reason` of events. */
  readonly events: readonly string[];
  /** `status.reason` of pods that the kubelet does not admit; `OutOf*` stands for any resource. */
  readonly rejections: readonly string[];
  /** `status.reason` of pods that the kubelet ends. */
  readonly endings: readonly string[];
  /** `state.waiting.reason` of containers. */
  readonly waiting: readonly string[];
  /** `state.terminated.reason` of containers that the kubelet itself writes. */
  readonly terminated: readonly string[];
}

const EVENT_FOLDERS = ['pkg/kubelet', 'pkg/controller/volume', 'pkg/volume'];
/** Every constant of these counts, used or not. */
const EVENT_CONSTANTS = ['pkg/kubelet/events/event.go', 'pkg/controller/volume/events/event.go'];
const SYNC_ERRORS = [
  'pkg/kubelet/images/types.go',
  'pkg/kubelet/container/sync_result.go',
  'pkg/kubelet/kuberuntime/kuberuntime_container.go',
];

/** Constants of modules beside k8s.io/kubernetes (k8s.io/api certificates/v1beta1 and core/v1 types.go). */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'certificatesv1.PodCertificateRequestConditionTypeDenied': 'Denied',
  'certificatesv1.PodCertificateRequestConditionTypeFailed': 'Failed',
  'v1.PodReasonInfeasible': 'Infeasible',
};

/** Reasons that come in as arguments or fields: where their values are read instead. */
const VARIABLES: Readonly<Record<string, string>> = {
  'pkg/kubelet/kubelet.go reason': 'the rejections',
  'pkg/kubelet/allocation/allocation_manager.go eventType': 'constants of pkg/kubelet/events',
  'pkg/controller/volume/persistentvolume/pv_controller.go reason': 'constants of pkg/controller/volume/events',
  'pkg/controller/volume/selinuxwarning/selinux_warning_controller.go conflict.EventReason': 'EventReason: literals',
};

/** Throws for an event or a rejection whose reason cannot be read, so that none is left out in silence. */
export function kubeletReasons(source: GoSource): KubeletReasons {
  const files = EVENT_FOLDERS.flatMap((folder) => source.files(folder));
  const scheduler = source.files('pkg/scheduler');
  const constants = new Constants([...files, ...scheduler]);
  const read = (expression: string, file: GoFile, offset: number): string | undefined => {
    const found = constants.valueOf(expression, file) ?? ELSEWHERE[expression];
    if (found === undefined && VARIABLES[`${file.path} ${expression}`] === undefined) {
      throw new Error(`${file.path}:${lineOf(file.text, offset)}: cannot read the reason ${expression}`);
    }
    return found;
  };
  const all = (group: readonly GoFile[], pattern: RegExp): string[] =>
    group.flatMap((file) =>
      [...file.text.matchAll(pattern)].flatMap(({ 1: expression = '', index }) => read(expression, file, index) ?? []),
    );
  const kubelet = files.filter(({ path }) => path.startsWith('pkg/kubelet/'));
  const rejections = [
    ...all(kubelet, /Admit:\s+(?:false|fit),\s+Reason:\s+(?!reason\b)("[^"]*"|[\w.]+)/g),
    ...all(at(files, 'pkg/kubelet/lifecycle/predicate.go'), /^\s+reason = ([A-Z]\w+|"[^"]*")$/gm),
    ...all(
      files.filter(({ path }) => path.startsWith('pkg/kubelet/cm/')),
      /Type\(\) string \{\s+return ("[^"]*"|\w+)/g,
    ),
    ...all(at(files, 'pkg/kubelet/kubelet.go'), /\.rejectPod\((?:ctx, )?pod, ((?!reason\b)[\w.]+),/g),
    ...predicates(scheduler, files),
    'OutOf*',
  ];
  return {
    events: sorted([
      ...all(files, /\bEventType(?:Warning|Normal),\s*("[^"]*"|[\w.]+)/g),
      ...EVENT_CONSTANTS.flatMap((path) => all(at(files, path), /^\s+\w+\s*=\s*("[^"]*")/gm)),
      ...all(files, /EventReason:\s+("[^"]*")/g),
    ]),
    rejections: sorted(rejections),
    endings: sorted([
      ...all(kubelet, /\bstatus\.Reason = ([\w.]+)/g),
      ...all(at(files, 'pkg/kubelet/active_deadline.go'), /^\s+reason\s+= ("[^"]*")/gm),
    ]),
    waiting: sorted([
      ...SYNC_ERRORS.flatMap((path) => all(at(files, path), /^\s*(?:var )?Err\w+\s*=\s*errors\.New\(("[A-Z]\w+")\)/gm)),
      ...all(kubelet, /ContainerStateWaiting\{\s*Reason:\s*(?!reason)("[^"]*"|[\w.]+)/g),
      ...all(kubelet, /waitingReason = ("[^"]*")/g),
    ]),
    terminated: sorted(all(kubelet, /ContainerStateTerminated\{\s*Reason:\s*(?!cs\.|c\.|reason)("[^"]*"|[\w.]+)/g)),
  };
}

const at = (files: readonly GoFile[], path: string): GoFile[] => {
  const found = files.filter((file) => file.path === path);
  if (found.length === 0) throw new Error(`there is no ${path}`);
  return found;
};

/** Scheduler plugins that the kubelet runs again; their names are the reasons. */
function predicates(scheduler: readonly GoFile[], files: readonly GoFile[]): string[] {
  const names = new Map(
    [
      ...at(scheduler, 'pkg/scheduler/framework/plugins/names/names.go')[0]!.text.matchAll(/^\s+(\w+)\s+= "(\w+)"/gm),
    ].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const used = [...at(scheduler, 'pkg/scheduler/eventhandlers.go'), ...at(files, 'pkg/kubelet/lifecycle/predicate.go')]
    .flatMap(({ text }) => [...text.matchAll(/(?:AdmissionResult\{Name: |PredicateFailureError\{)(\w+)\.Name,/g)])
    .map(([, plugin = '']) => plugin)
    .filter((plugin) => plugin !== 'r');
  return used.map((plugin) => {
    const name = names.get(plugin);
    if (name === undefined) throw new Error(`the scheduler has no plugin ${plugin}`);
    return name;
  });
}

const sorted = (values: readonly string[]): string[] => [...new Set(values)].toSorted();
