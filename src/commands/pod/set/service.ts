import { UsageError } from '../../../errors.ts';
import { selectorText } from '../../../kube/api/pod-requests.ts';
import { endpointsRequest, serviceRequest } from '../../../kube/api/pods-of-service.ts';
import { listOf, objectOf, textOf, textsOf } from '../../../pod/fields.ts';
import { checkName } from '../../../kube/api/request.ts';
import type { ServiceReport } from '../../../report/pod-report.ts';
import type { PodReader } from '../reader.ts';
import type { SetSource } from './read-set.ts';

/** A Service, and where its pods are found. */
export interface FoundService {
  readonly service: ServiceReport;
  readonly source: SetSource;
}

/** One page is enough: the API server does not cut a list that has no limit. */
const PAGES = 1;

/** Rejects when the Service cannot be read, and for one that is a name of something outside the cluster. */
export async function findService(namespace: string, name: string, reader: PodReader): Promise<FoundService> {
  checkName('resource name', name);
  const [object, slices] = await Promise.all([
    reader.require(serviceRequest({ namespace, name })),
    reader.list(endpointsRequest({ namespace, name, scheme: 'http', port: 0 }), WHAT, PAGES),
  ]);
  const spec = objectOf(objectOf(object)['spec']);
  const { type, externalName } = spec;
  if (type === 'ExternalName') {
    throw new UsageError(
      'NoPods',
      `service/${name} has no pods: it is an alias of ${textOf(externalName) ?? 'a host'}`,
      {
        hint: 'a Service of type ExternalName has neither a selector nor endpoints',
      },
    );
  }
  const selector = selectorText({ matchLabels: objectOf(spec['selector']) });
  const endpoints = endpointsOf(slices);
  const isKnown = !reader.gaps.some(({ what }) => what === WHAT);
  return {
    service: {
      selector: selector === '' ? null : selector,
      endpoints: isKnown ? endpoints.length : null,
      readyEndpoints: isKnown ? endpoints.filter(({ ready }) => ready).length : null,
    },
    source:
      selector === ''
        ? { namespace, names: [...new Set(endpoints.flatMap(({ pod }) => pod ?? []))], isNamed: false }
        : { namespace, labelSelector: selector, isNamed: false },
  };
}

const WHAT = 'the endpoints';

interface Endpoint {
  readonly ready: boolean;
  /** Undefined for an address that is no pod's. */
  readonly pod: string | undefined;
}

/** A pod with two IP families, or in the slices of several ports, is one endpoint; it is ready where one of them is. */
function endpointsOf(slices: readonly unknown[]): readonly Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const endpoint of slices.flatMap((slice) => listOf(objectOf(slice)['endpoints']))) {
    const target = objectOf(endpoint['targetRef']);
    const pod = target['kind'] === 'Pod' ? textOf(target['name']) : undefined;
    const key = pod ?? textsOf(endpoint['addresses'])[0] ?? '';
    // Unknown counts as ready (k8s.io/api discovery/v1 EndpointConditions).
    const ready = objectOf(endpoint['conditions'])['ready'] !== false || found.get(key)?.ready === true;
    found.set(key, { ready, pod });
  }
  return [...found.values()];
}
