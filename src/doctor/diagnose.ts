import { checkBackend, checkServices } from './checks/backend.ts';
import { checkCanary, wasFound } from './checks/canary.ts';
import { checkClock } from './checks/clock.ts';
import { checkCluster, managedBy } from './checks/cluster.ts';
import { checkConfiguration } from './checks/configuration.ts';
import { checkEtcd } from './checks/etcd.ts';
import { checkExport } from './checks/export.ts';
import { checkIdentity, isAccepted } from './checks/identity.ts';
import { checkInstallation } from './checks/installation.ts';
import { checkKubelet } from './checks/kubelet.ts';
import { checkPermissions } from './checks/permissions.ts';
import { checkReach } from './checks/reach.ts';
import { checkReplicas } from './checks/replicas.ts';
import { checkSampling } from './checks/sampling.ts';
import { checkTracing } from './checks/tracing.ts';
import { checkVersion } from './checks/version.ts';
import type { Observed } from './observed.ts';
import type { Cause, CheckID, CheckResult, CheckState } from './result.ts';
import { conclude } from './traced.ts';

/** The result of all checks. */
export interface Diagnosis {
  /** In the order of CHECK_IDS. Without a response of the API server only those that need none. */
  readonly checks: readonly CheckResult[];
  /** The worst state of a check. `unknown` counts less than `warning`. */
  readonly state: CheckState;
  /** Each once, in the order of the checks. */
  readonly causes: readonly Cause[];
  /** The first check that explains why spans of the API server are missing; null where they are not. */
  readonly brokenLink: CheckID | null;
}

/** The way of a span, from the request to the backend. */
const LINKS: ReadonlySet<CheckID> = new Set<CheckID>([
  'reach',
  'version',
  'tracing',
  'configuration',
  'sampling',
  'export',
  'backend',
  'services',
]);

/** Where spans of other API servers arrive. */
const LINKS_OF_REPLICAS: ReadonlySet<CheckID> = new Set<CheckID>(['replicas']);

/** Judges what was observed. Without output, input and clock. */
export function diagnose(observed: Observed): Diagnosis {
  const reach = checkReach(observed);
  if (observed.reach.status === 'failed') return diagnosis([reach, checkInstallation(observed)]);
  const accepted = isAccepted(observed);
  const conclusions = conclude(observed, accepted);
  const { isTracing, isRecorded, hasArrived, exportCause, isExportClean } = conclusions;
  const isOther =
    hasArrived === false && isTracing === true && isRecorded === true && exportCause === null && isExportClean;
  const checks = [
    reach,
    checkVersion(observed),
    checkCluster(observed),
    checkIdentity(observed),
    checkPermissions(observed),
    checkTracing(observed, conclusions, managedBy(observed)),
    checkConfiguration(observed, conclusions),
    checkSampling(observed, conclusions, accepted),
    checkExport(observed, conclusions),
    checkEtcd(observed),
    checkKubelet(observed),
    checkBackend(observed),
    checkServices(observed, isOther),
    checkReplicas(observed, conclusions),
    checkClock(observed),
    checkInstallation(observed),
  ];
  const links = hasArrived === true ? LINKS_OF_REPLICAS : LINKS;
  const isLost = !wasFound(observed);
  const broken = isLost ? checks.find(({ id, causes }) => links.has(id) && causes.length > 0) : undefined;
  return diagnosis([...checks, checkCanary(observed, broken)], broken?.id);
}

const ORDER: readonly CheckState[] = ['failed', 'warning', 'unknown', 'ok'];

function diagnosis(checks: readonly CheckResult[], brokenLink: CheckID | null = null): Diagnosis {
  const states = new Set(checks.map(({ state }) => state));
  return {
    checks,
    state: ORDER.find((state) => states.has(state)) ?? 'ok',
    causes: [...new Set(checks.flatMap(({ causes }) => causes))],
    brokenLink: brokenLink ?? checks.find(({ id, state }) => id === 'reach' && state === 'failed')?.id ?? null,
  };
}
