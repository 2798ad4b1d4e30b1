import { TRACING_CONFIG_FLAG } from '../../control-plane/apiserver-tracing.ts';
import { DEFAULT_ENDPOINT, HOST_PORT, endpointFault } from '../endpoint.ts';
import type { Observed, ServerPod } from '../observed.ts';
import { lookedAt } from '../reading.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';
import { isMounted } from '../../control-plane/component-pod.ts';
import { apiServerPods, type Conclusions } from '../traced.ts';

/** Is the file of --tracing-config-file mounted, and can its endpoint work? */
export function checkConfiguration(observed: Observed, { isTracing, hasArrived }: Conclusions): CheckResult {
  const { file } = observed;
  const pods = apiServerPods(observed).filter(({ flags }) => flags.has(TRACING_CONFIG_FLAG));
  const endpoint = file === null ? null : (file.endpoint ?? DEFAULT_ENDPOINT);
  const looked = [
    lookedAt('pods of kube-system', observed.pods, () =>
      pods.length === 0
        ? `no kube-apiserver with --${TRACING_CONFIG_FLAG} among them`
        : pods
            .map((pod) => `${pod.pod} ${isMounted(pod, pathOf(pod)) ? 'mounts' : 'does not mount'} ${pathOf(pod)}`)
            .join(', '),
    ),
    file === null
      ? 'its content is a file on the control-plane node, which the API does not show'
      : `${file.path}: ${file.apiVersion}, endpoint ${endpoint}, samplingRatePerMillion ${file.samplingRatePerMillion}`,
  ];
  const unmounted = pods.filter((pod) => !isMounted(pod, pathOf(pod)));
  const [first] = unmounted;
  if (first !== undefined) {
    const path = pathOf(first);
    const folder = path.replace(/\/[^/]*$/, '');
    const ends = first.waiting === null ? '' : `, and it does not run (${first.waiting})`;
    return wrong(
      'configuration',
      'failed',
      'ConfigurationNotMounted',
      `${unmounted.map(({ pod }) => pod).join(', ')} has no volume at ${path}${ends}`,
      {
        looked,
        fix: [
          `add a hostPath volume and a volumeMount for ${folder} to its manifest; with kubeadm: apiServer.extraVolumes`,
        ],
      },
    );
  }
  const refused = pods.find((pod) => refusalOf(observed, pod) !== undefined);
  if (refused !== undefined) {
    return wrong(
      'configuration',
      'failed',
      'EndpointInvalid',
      `${refused.pod} does not start with its TracingConfiguration: ${refusalOf(observed, refused)}`,
      { looked, fix: [HOST_PORT] },
    );
  }
  const fault = endpoint === null || hasArrived === true ? undefined : endpointFault(endpoint);
  if (fault !== undefined)
    return wrong('configuration', 'failed', fault.cause, fault.message, { looked, fix: [fault.fix] });
  if (hasArrived === true) return ok('configuration', 'its spans arrive', { looked });
  if (isTracing === false) return unknown('configuration', 'not checked: the API server does not trace', { looked });
  if (file !== null) return ok('configuration', `the endpoint ${endpoint} may work`, { looked });
  return unknown('configuration', 'the endpoint of the API server is not known', {
    looked,
    fix: ['give a copy of the file: --tracing-config-file FILE'],
  });
}

/** Why a server has refused its file, by its log; undefined where it has not. */
function refusalOf({ exports }: Observed, { pod }: ServerPod): string | undefined {
  const log = exports.get(pod);
  return log?.status === 'read' && log.value?.endsServer === true ? log.value.line : undefined;
}

const pathOf = ({ flags }: { readonly flags: ReadonlyMap<string, string> }): string =>
  flags.get(TRACING_CONFIG_FLAG) ?? '';
