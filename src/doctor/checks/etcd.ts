import {
  ETCD_TRACING_SWITCHES,
  etcdFlagName,
  etcdTracing,
  etcdTracingFlags,
} from '../../control-plane/etcd-tracing.ts';
import { formatVersion, isAtLeast, parseVersion, type Version } from '../../control-plane/version.ts';
import { endpointFault } from '../endpoint.ts';
import type { Observed, ServerPod } from '../observed.ts';
import { lookedAt, valueOf, whyNot } from '../reading.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';

/** Does etcd trace? By its flags, whose names depend on its version, by its log, or by the spans of our request. */
export function checkEtcd(observed: Observed): CheckResult {
  const members = valueOf(observed.pods)?.filter(({ component }) => component === 'etcd') ?? [];
  const canary = valueOf(observed.canary);
  const found = canary === undefined ? undefined : valueOf(canary.backend);
  const newest = valueOf(observed.backend)?.services.find(({ name }) => name === 'etcd')?.newest;
  const looked = [
    lookedAt('pods of kube-system', observed.pods, () => members.map(describe).join(', ') || 'no etcd among them'),
    ...(found === undefined ? [] : [`spans of our request: ${found.services.join(', ') || 'none'}`]),
  ];
  const fault = members.map((member) => faultOf(member, looked)).find((result) => result !== undefined);
  if (fault !== undefined) return fault;
  const isFound = found?.services.includes('etcd') === true;
  const isMissing = found?.isEtcdMissing === true && found.services.includes('apiserver');
  // Spans of the last hour may be from before tracing was switched off.
  const isKnown = isFound || (!isMissing && newest !== undefined && valueOf(newest) != null);
  if (isKnown) return ok('etcd', 'the spans of etcd arrive', { looked });
  for (const { pod } of members) {
    const log = observed.exports.get(pod);
    if (log?.status !== 'read' || log.value === null) continue;
    const { cause, line } = log.value;
    return wrong('etcd', 'warning', cause, `${pod} cannot export its spans`, {
      looked: [...looked, `log of ${pod}: traces export: ${line}`],
      fix: ['its address must be that of a collector that takes OTLP over gRPC without TLS'],
    });
  }
  if (isMissing) {
    return wrong('etcd', 'warning', 'EtcdTracingOff', 'our request called etcd, and the backend has no span of etcd', {
      looked,
      fix: fixes(members[0]?.version),
    });
  }
  if (members.length > 0) return ok('etcd', 'etcd traces the requests that the API server records', { looked });
  // The check of permissions says what an administrator would see.
  if (observed.pods.status !== 'read')
    return unknown('etcd', `the pods of etcd are not known: ${whyNot(observed.pods)}`, { looked });
  const summary = 'etcd is not among the pods that can be seen: it runs elsewhere, or within another process';
  return unknown('etcd', summary, { looked, fix: fixes(undefined) });
}

function faultOf({ pod, flags, version }: ServerPod, looked: readonly string[]): CheckResult | undefined {
  const given = ETCD_TRACING_SWITCHES.find((flag) => flags.has(flag));
  if (given === undefined) {
    return wrong('etcd', 'warning', 'EtcdTracingOff', `${pod} does not trace`, { looked, fix: fixes(version) });
  }
  const names = version && etcdTracing(version);
  if (version !== undefined && names !== undefined && isUnknown(given, version)) {
    const summary = `${pod} is etcd ${formatVersion(version)}, which does not know --${given}`;
    return wrong('etcd', 'warning', 'EtcdFlagsOfOtherVersion', summary, {
      looked,
      fix: [`the flag of this version is --${etcdFlagName(names, given)}`],
    });
  }
  const address = flags.get(given.replace('enable-distributed-tracing', 'distributed-tracing-address'));
  const fault = address === undefined ? undefined : endpointFault(address);
  return fault && wrong('etcd', 'warning', fault.cause, `${pod}: ${fault.message}`, { looked, fix: [fault.fix] });
}

/** 3.5 knows the old name, 3.6 both, and 3.7 the new one. */
const isUnknown = (flag: string, version: Version): boolean =>
  flag.startsWith('experimental-') ? isAtLeast(version, '3.7') : !isAtLeast(version, '3.6');

function fixes(version: Version | undefined): string[] {
  const versions = version === undefined ? ['3.6.0', '3.5.0'].map(parseVersion) : [version];
  return versions.flatMap((each) => {
    const names = each && etcdTracing(each);
    if (each === undefined || names === undefined) return [];
    const flags = etcdTracingFlags(names, { endpoint: 'HOST:4317' });
    return [`etcd ${each.major}.${each.minor}: ${flags.map(([name, value]) => `--${name}=${value}`).join(' ')}`];
  });
}

function describe({ pod, version, flags }: ServerPod): string {
  const tracing = version && etcdTracing(version);
  const given = ETCD_TRACING_SWITCHES.find((flag) => flags.has(flag));
  // 3.5.5 to 3.5.10 sample nothing without a sampled caller: no rate makes up for an API server that does not trace.
  const trap = tracing?.ownSampling === 'none' ? '; this version has no sampling rate' : '';
  return `${pod} ${version === undefined ? '' : `${formatVersion(version)} `}${given === undefined ? 'does not trace' : `has --${given}`}${trap}`;
}
