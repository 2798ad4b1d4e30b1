import type { Exchange, KubeRequest } from '../../http/exchange.ts';
import { isObject, parseJSON } from '../../json.ts';
import { listRequest, objectRequest, PODS } from '../pod-requests.ts';
import { get, pathSegment } from '../request.ts';

/** Reads of the tool itself leave no spans in what is looked at. */
const unseen = (request: KubeRequest): KubeRequest => ({ ...request, purpose: 'discovery', unsampled: true });

/**
 * Pods of kube-system: mirror pods show the flags of a control plane of static pods. Those of kubeadm and most others have this
 * label. Without it a list has only its beginning, in the order of names.
 */
export const systemPodsRequest = (labelSelector = ''): KubeRequest =>
  unseen(listRequest(PODS, 'kube-system', { labelSelector }));
export const CONTROL_PLANE_SELECTOR = 'tier=control-plane';

/** Failed exports are written every 10 s. */
const LOG_SECONDS = '600';
const LOG_LINES = '2000';
const LOG_BYTES = 1024 * 1024;

/** The last lines of a server's log, of the last ten minutes. Its pod has one container. */
export function serverLogRequest(pod: string): KubeRequest {
  const request = objectRequest(PODS, 'kube-system', pod);
  return unseen({
    ...request,
    path: `${request.path}/log`,
    subresource: 'log',
    headers: { accept: 'application/json, */*' },
    query: [
      ['sinceSeconds', LOG_SECONDS],
      ['tailLines', LOG_LINES],
    ],
    maxBytes: LOG_BYTES,
  });
}

/** A kubelet's configuration has a few KiB; any node may send something else. */
const CONFIGURATION_BYTES = 1024 * 1024;

/** The configuration that a kubelet runs with, through the API server. */
export const kubeletConfigurationRequest = (node: string): KubeRequest => ({
  ...unseen(get('discovery', `/api/v1/nodes/${pathSegment(node)}/proxy/configz`, 'application/json')),
  maxBytes: CONFIGURATION_BYTES,
});

/** The section `tracing` of that configuration: null without one; undefined where the response is something else. */
export function kubeletTracingOf({
  body,
}: Pick<Exchange, 'body'>):
  | { readonly endpoint: string | null; readonly samplingRatePerMillion: number }
  | null
  | undefined {
  const document = parseJSON(body);
  const configuration = isObject(document) ? document['kubeletconfig'] : undefined;
  if (!isObject(configuration)) return undefined;
  const tracing = configuration['tracing'];
  if (!isObject(tracing)) return null;
  const { endpoint, samplingRatePerMillion: rate } = tracing;
  return {
    endpoint: typeof endpoint === 'string' && endpoint !== '' ? endpoint : null,
    samplingRatePerMillion: typeof rate === 'number' ? rate : 0,
  };
}

/** The names of the API groups, which every user may read. */
export const groupsRequest = (): KubeRequest => unseen(get('discovery', '/apis', 'application/json'));

export function groupNamesOf({ body }: Pick<Exchange, 'body'>): readonly string[] | undefined {
  const document = parseJSON(body);
  if (!isObject(document) || !Array.isArray(document['groups'])) return undefined;
  return document['groups']
    .filter(isObject)
    .map(({ name }) => name)
    .filter((name) => typeof name === 'string');
}

/** The items of a list; undefined where the response is not one. */
export function itemsOf({ body }: Pick<Exchange, 'body'>): readonly unknown[] | undefined {
  const document = parseJSON(body);
  return isObject(document) && Array.isArray(document['items']) ? document['items'] : undefined;
}
