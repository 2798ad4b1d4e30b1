import type { Observed } from '../observed.ts';
import { valueOf } from '../reading.ts';
import { ok, wrong, type CheckResult } from '../result.ts';

/** Is there a trace backend, and does it respond? */
export function checkBackend({ backend, backendHint }: Observed): CheckResult {
  if (backend.status === 'read') {
    const { kind, url } = backend.value;
    return ok('backend', `${kind} at ${url} responds`, { looked: [`a search of ${url}`] });
  }
  if (backend.status === 'failed') {
    return wrong('backend', 'failed', 'BackendUnreachable', backend.problem, {
      fix: [backendHint ?? 'check the address of --backend, and that the backend runs'],
    });
  }
  const why = backend.status === 'none' ? backend.why : `you may not ${backend.rule}`;
  return wrong('backend', 'failed', 'NoBackend', why, {
    fix: ['name it: --backend jaeger=http://HOST:16686, or --backend NAMESPACE/NAME for a Service of the cluster'],
  });
}

/** Does the backend know the services of the cluster, and are its spans fresh? */
export function checkServices(observed: Observed, otherBackend: boolean): CheckResult {
  const backend = valueOf(observed.backend);
  if (backend === undefined) return { ...ok('services', 'not looked at: there is no backend'), state: 'unknown' };
  const looked = backend.services.map(
    ({ name, newest }) => `${name}: ${newest.status === 'read' ? ageOf(newest.value) : 'not known'}`,
  );
  const known = backend.services.filter(({ newest }) => valueOf(newest) != null).map(({ name }) => name);
  const knows = `spans of ${known.join(', ') || 'none of apiserver, etcd and kubelet'} in the last hour`;
  if (otherBackend) {
    return wrong(
      'services',
      'failed',
      'OtherBackend',
      `${backend.kind} does not get the spans that the API server exports: ${knows}`,
      {
        looked,
        fix: ['check what the collector does with them, or name the backend that it exports to: --backend URL'],
      },
    );
  }
  return { ...ok('services', knows, { looked }), state: known.includes('apiserver') ? 'ok' : 'unknown' };
}

const ageOf = (age: number | null): string =>
  age === null ? 'no span in the last hour' : `newest span ${Math.round(age / 1e9)} s ago`;
