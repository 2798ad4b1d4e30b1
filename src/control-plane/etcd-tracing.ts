import { isAtLeast, type Version } from './version.ts';

/** How one version of etcd traces. */
export interface EtcdTracing {
  /** Precedes the name of each flag. */
  readonly prefix: 'experimental-' | '';
  /**
   * Which requests without a sampled caller it records: all of them, none, or a share
   * (`--distributed-tracing-sampling-rate`, per million, 0 by default). Every version records a request of a sampled caller.
   */
  readonly ownSampling: 'all' | 'none' | 'rate';
  /** Whether it has spans inside the request, such as `txn` with the raft proposal. */
  readonly hasInternalSpans: boolean;
}

/**
 * Tracing of etcd by version; undefined before 3.5. Sources: server/etcdmain/help.go and server/embed/config_tracing.go
 * (etcd.go before 3.5.5). 3.5.0 to 3.5.4 set no sampler and record every request. 3.5.5 to 3.5.10 sample no
 * request themselves and have no flag to change it (etcd-io/etcd#16935). 3.6 knows both names, 3.7 only those without `experimental-`.
 */
export function etcdTracing(version: Version): EtcdTracing | undefined {
  if (!isAtLeast(version, '3.5')) return undefined;
  if (isAtLeast(version, '3.6'))
    return { prefix: '', ownSampling: 'rate', hasInternalSpans: isAtLeast(version, '3.7') };
  const ownSampling = isAtLeast(version, '3.5.11') ? 'rate' : isAtLeast(version, '3.5.5') ? 'none' : 'all';
  return { prefix: 'experimental-', ownSampling, hasInternalSpans: false };
}

/** Names and values of etcd's flags of tracing, without `--`. A rate is left out where there is no flag, and where it is 0. */
export function etcdTracingFlags(
  { prefix, ownSampling }: EtcdTracing,
  { endpoint, samplingRate = 0 }: { readonly endpoint: string; readonly samplingRate?: number },
): readonly (readonly [name: string, value: string])[] {
  return [
    [`${prefix}enable-distributed-tracing`, 'true'],
    [`${prefix}distributed-tracing-address`, endpoint],
    [`${prefix}distributed-tracing-service-name`, 'etcd'],
    ...(ownSampling === 'rate' && samplingRate > 0
      ? [[`${prefix}distributed-tracing-sampling-rate`, String(samplingRate)] as const]
      : []),
  ];
}

/** The flag with which etcd traces at all, under the names of every version: a flag is looked for in any of them. */
export const ETCD_TRACING_SWITCHES = ['enable-distributed-tracing', 'experimental-enable-distributed-tracing'] as const;

/** The name that a flag of etcd has in its version: `enable-distributed-tracing` with or without `experimental-`. */
export const etcdFlagName = ({ prefix }: EtcdTracing, flag: string): string =>
  `${prefix}${flag.replace(/^experimental-/, '')}`;
