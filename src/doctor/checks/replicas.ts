import { TRACING_CONFIG_FLAG } from '../../control-plane/apiserver-tracing.ts';
import { counted } from '../../format/counted.ts';
import type { Instance, Observed, Probe } from '../observed.ts';
import { lookedAt, valueOf, whyNot } from '../reading.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';
import { apiServerPods, type Conclusions } from '../traced.ts';

/** Does every API server trace? A balancer leads each new connection to another one. */
export function checkReplicas(observed: Observed, { isTracing }: Conclusions): CheckResult {
  const { instances } = observed;
  const canary = valueOf(observed.canary);
  const probes = (canary === undefined ? undefined : valueOf(canary.backend))?.probes ?? [];
  const seen = new Set(probes.flatMap(({ instance }) => instance ?? []));
  const servers = valueOf(observed.flagz) ?? [];
  const pods = apiServerPods(observed);
  const without = pods.filter(({ flags }) => !flags.has(TRACING_CONFIG_FLAG));
  const looked = [
    lookedAt('Leases of API servers', instances, (all) => all.map(nameOf).join(', ')),
    `${counted(probes.length, 'request')} on new connections, ${counted(probes.filter(({ foundBy }) => foundBy !== null).length, 'trace')} of ${counted(seen.size, 'API server')} found`,
    ...(servers.length === 0
      ? []
      : [
          `/flagz of ${counted(servers.length, 'connection')}: ${servers.filter(({ tracing }) => tracing === 'off').length} without --${TRACING_CONFIG_FLAG}`,
        ]),
  ];
  if (instances.status !== 'read')
    return unknown('replicas', `the API servers are not known: ${whyNot(instances)}`, { looked });
  const all = instances.value;
  if (all.length === 1) return ok('replicas', 'there is one API server', { looked });
  if (isTracing !== true)
    return unknown('replicas', `there are ${all.length} API servers, and none is known to trace`, { looked });
  const fix = [`give every kube-apiserver the same --${TRACING_CONFIG_FLAG}, one control-plane node after the other`];
  if (without.length > 0) {
    return wrong(
      'replicas',
      'failed',
      'ReplicaWithoutTracing',
      `${without.map(({ pod }) => pod).join(', ')} does not trace: requests that it serves have no spans`,
      { looked, fix },
    );
  }
  const unseen = all.filter(({ id }) => !seen.has(id));
  if (unseen.length === 0) return ok('replicas', `all ${all.length} API servers trace`, { looked });
  if (servers.some(({ tracing }) => tracing === 'off') || isLost(probes, seen.size)) {
    return wrong(
      'replicas',
      'failed',
      'ReplicaWithoutTracing',
      `of ${all.length} API servers ${unseen.map(nameOf).join(', ')} ${unseen.length === 1 ? 'has' : 'have'} no spans`,
      { looked, fix },
    );
  }
  return unknown(
    'replicas',
    `of ${all.length} API servers only ${counted(seen.size, 'one', 'were')} reached from here`,
    {
      looked,
      fix: ['run it with --server HTTPS://ADDRESS of each API server'],
    },
  );
}

/** Some of our requests have traces and others have not. */
const isLost = (probes: readonly Probe[], seen: number): boolean =>
  seen > 0 && probes.some(({ foundBy }) => foundBy === null);

const nameOf = ({ id, host }: Instance): string => host ?? id;
