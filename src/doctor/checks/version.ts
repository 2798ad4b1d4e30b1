import { apiserverTracing, TRACING_CONFIG_FLAG } from '../../control-plane/apiserver-tracing.ts';
import type { Observed } from '../observed.ts';
import { whyNot } from '../reading.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';
import { apiServerPods } from '../traced.ts';

/** Which ways of tracing does this version have? */
export function checkVersion(observed: Observed): CheckResult {
  const { version } = observed;
  if (version.status !== 'read') return unknown('version', `the version is not known: ${whyNot(version)}`);
  const { gitVersion, minor } = version.value;
  const looked = [`GET /version: ${gitVersion}`, ...notesOf(minor)];
  const tracing = apiserverTracing(version.value);
  if (tracing === undefined) {
    return wrong('version', 'failed', 'TooOld', `${gitVersion} does not trace requests, which 1.22 and later do`, {
      looked,
      fix: ['upgrade the cluster'],
    });
  }
  if (tracing.featureGate !== undefined) return checkGate(observed, tracing.featureGate, gitVersion, looked);
  const measured = tracing.hasExemplars
    ? 'and the times of each stage in its metrics'
    : 'and no times in its metrics, which 1.32 and later have';
  return ok('version', `${gitVersion}: spans with --${TRACING_CONFIG_FLAG}, ${measured}`, { looked });
}

function checkGate(observed: Observed, gate: string, gitVersion: string, looked: readonly string[]): CheckResult {
  const pods = apiServerPods(observed);
  const without = pods.filter(({ flags }) => flags.get('feature-gates')?.split(',').includes(gate) !== true);
  const summary = `${gitVersion} traces only with the feature gate ${gate}`;
  const fix = [`add --feature-gates=${gate} to kube-apiserver`];
  if (pods.length === 0) return unknown('version', summary, { looked, fix });
  if (without.length === 0) return ok('version', `${summary}, which is set`, { looked });
  const names = without.map(({ pod }) => pod).join(', ');
  return wrong('version', 'failed', 'FeatureGateOff', `${summary}, which ${names} lacks`, { looked, fix });
}

/** Faults of versions that a user may meet later. */
function notesOf(minor: number): string[] {
  const notes: string[] = [];
  if (minor === 25 || minor === 26)
    notes.push('in 1.25 and 1.26 tracing may break kubectl exec, attach and port-forward');
  if (minor === 33) notes.push('in 1.33 the root span of a request ends early');
  return notes;
}
