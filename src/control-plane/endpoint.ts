/** Why spans do not reach an endpoint from the host network of a control plane. */
export type EndpointProblemKind = 'malformed' | 'scheme' | 'noPort' | 'httpPort' | 'tls' | 'clusterDNS' | 'loopback';

/** A problem with an endpoint. */
export interface EndpointProblem {
  readonly kind: EndpointProblemKind;
  /** False: it may be right, such as a loopback address where a collector runs on every node. */
  readonly isCertain: boolean;
  /** One sentence without its period. */
  readonly text: string;
}

/**
 * Problems with the endpoint of a TracingConfiguration or of etcd. Both export OTLP over gRPC without TLS or credentials, from the
 * host network, where names of Services do not resolve. `unix:` and `dns:` are schemes of gRPC and are left to it.
 */
export function endpointProblems(endpoint: string): readonly EndpointProblem[] {
  if (/^(?:unix|unix-abstract|dns):/.test(endpoint)) return [];
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(endpoint)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    return [
      scheme === 'https'
        ? problem('tls', 'the exporter has no TLS; https cannot work')
        : problem('scheme', `the endpoint is HOST:PORT, without ${scheme}://`),
    ];
  }
  const parts = hostPort(endpoint);
  if (parts === undefined) return [problem('malformed', 'the endpoint is not HOST:PORT')];
  const { host, port } = parts;
  return [
    ...(port === undefined ? [problem('noPort', 'the endpoint has no port; OTLP over gRPC is usually at 4317')] : []),
    ...(port === 4318
      ? [
          {
            ...problem('httpPort', 'port 4318 is for OTLP over HTTP, and the exporter speaks gRPC: use 4317'),
            isCertain: false,
          },
        ]
      : []),
    ...(port === 443
      ? [{ ...problem('tls', 'port 443 is usually for TLS, and the exporter has no TLS'), isCertain: false }]
      : []),
    ...(isClusterName(host)
      ? [
          problem(
            'clusterDNS',
            `${host} is a name of the cluster's DNS, which the host network of a control plane does not use: give the IP address of the Service`,
          ),
        ]
      : []),
    ...(isLoopback(host)
      ? [
          {
            ...problem(
              'loopback',
              `${host} is the control-plane node itself: a collector has to run on each of them, in the host network`,
            ),
            isCertain: false,
          },
        ]
      : []),
  ];
}

const problem = (kind: EndpointProblemKind, text: string): EndpointProblem => ({ kind, isCertain: true, text });

/** The host and the port of `10.0.0.1:4317`, `[::1]:4317`, `collector`; undefined for anything else. */
export function hostPort(endpoint: string): { readonly host: string; readonly port: number | undefined } | undefined {
  const found = /^(?:\[([0-9a-f:.%]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(endpoint);
  if (found === null) return undefined;
  const [, bracketed, plain, port] = found;
  if (port !== undefined && (Number(port) > 65_535 || Number(port) === 0)) return undefined;
  return { host: (bracketed ?? plain)!, port: port === undefined ? undefined : Number(port) };
}

const isClusterName = (host: string): boolean => /\.svc(?:\.|$)|\.cluster\.local$/.test(host.toLowerCase());

const isLoopback = (host: string): boolean => /^(?:127\.[\d.]+|::1|localhost)$/i.test(host);
