import { counted } from '../../format/counted.ts';
import { DEFAULT_ENDPOINT, endpointFault } from '../endpoint.ts';
import type { Kubelet, Observed } from '../observed.ts';
import { lookedAt, valueOf, whyNot } from '../reading.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';

/** Before this version a kubelet's spans were not connected, and in the next one they had wrong parents. */
const FIRST_GOOD_MINOR = 29;

const FIX = 'in the KubeletConfiguration of each node: tracing: {endpoint: HOST:4317, samplingRatePerMillion: 1000000}';

/** Do the kubelets trace? Nothing parents their spans, so that their own rate decides. */
export function checkKubelet(observed: Observed): CheckResult {
  const { kubelets, kubeletsLeftOut } = observed;
  const looked = [
    ...kubelets.map(({ node, version, tracing }) =>
      lookedAt(`configz of ${node} (${version})`, tracing, (section) =>
        section === null
          ? 'no tracing section'
          : `endpoint ${section.endpoint ?? DEFAULT_ENDPOINT}, samplingRatePerMillion ${section.samplingRatePerMillion}`,
      ),
    ),
    ...(kubeletsLeftOut === 0 ? [] : [`${counted(kubeletsLeftOut, 'more node')}: not looked at`]),
  ];
  const newest = valueOf(observed.backend)?.services.find(({ name }) => name === 'kubelet')?.newest;
  const isKnown = newest !== undefined && valueOf(newest) != null;
  const read = kubelets.flatMap((kubelet) =>
    kubelet.tracing.status === 'read' ? [{ ...kubelet, section: kubelet.tracing.value }] : [],
  );
  const off = read.filter(({ section }) => section === null);
  if (off.length > 0) {
    return wrong(
      'kubelet',
      'warning',
      'KubeletTracingOff',
      `${named(off)} ${off.length === 1 ? 'does' : 'do'} not trace: no spans of pods`,
      { looked, fix: [FIX] },
    );
  }
  const zero = read.filter(({ section }) => section?.samplingRatePerMillion === 0);
  if (zero.length > 0) {
    return wrong(
      'kubelet',
      'warning',
      'KubeletNotSampled',
      `${named(zero)} ${zero.length === 1 ? 'records' : 'record'} nothing: samplingRatePerMillion is 0`,
      { looked, fix: [FIX] },
    );
  }
  for (const { node, section } of read) {
    const fault = section?.endpoint == null || isKnown ? undefined : endpointFault(section.endpoint);
    if (fault !== undefined)
      return wrong('kubelet', 'warning', fault.cause, `kubelet of ${node}: ${fault.message}`, {
        looked,
        fix: [fault.fix],
      });
  }
  const old = read.filter(({ version }) => minorOf(version) < FIRST_GOOD_MINOR);
  if (old.length > 0) {
    return wrong(
      'kubelet',
      'warning',
      'KubeletTooOld',
      `the spans of ${named(old)} are not connected before 1.27, and wrongly in 1.28`,
      { looked, fix: ['upgrade the nodes'] },
    );
  }
  if (isKnown) return ok('kubelet', 'the spans of kubelets arrive', { looked });
  if (read.length > 0)
    return ok('kubelet', `${counted(read.length, 'kubelet')} ${read.length === 1 ? 'traces' : 'trace'}`, { looked });
  const { nodes } = observed;
  if (nodes.status !== 'read') return unknown('kubelet', `the nodes are not known: ${whyNot(nodes)}`, { looked });
  if (kubelets.length === 0) return unknown('kubelet', 'there is no ready node', { looked });
  return unknown('kubelet', 'no configuration of a kubelet can be read', {
    looked,
    fix: ['an administrator sees it with: kubectl get --raw /api/v1/nodes/NODE/proxy/configz'],
  });
}

const named = (kubelets: readonly Kubelet[]): string => {
  const [first] = kubelets;
  return kubelets.length === 1 && first !== undefined
    ? `the kubelet of ${first.node}`
    : counted(kubelets.length, 'kubelet');
};

const minorOf = (version: string): number => Number(/^v1\.(\d+)/.exec(version)?.[1] ?? Infinity);
