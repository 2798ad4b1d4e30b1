import { BACKEND_FLAGS, backendAccess } from '../../../cli/options/backend.ts';
import { connectionFlags } from '../../../cli/options/connection.ts';
import { LOOKUP_FLAGS, type LookupFlags } from '../../../cli/options/lookup.ts';
import type { Flag } from '../../../cli/flag.ts';
import type { FlagValues } from '../../../cli/values.ts';
import { withoutUndefined } from '../../../cli/without-undefined.ts';
import type { Via } from '../../../backend-access.ts';
import { fileOptions, invalid } from '../file-options.ts';
import type { KubeadmTask } from './task.ts';

/** Where the trace of the request is looked up that verifies an apply. */
export const CANARY_FLAGS: readonly Flag[] = [
  ...LOOKUP_FLAGS.filter(({ name }) => name === 'backend' || name === 'wait'),
  ...BACKEND_FLAGS,
];

/** The flags of `setup kubeadm --apply` and `--undo` among those of `setup`. */
export const KUBEADM_FLAG_NAMES: readonly string[] = [
  'apply',
  'undo',
  'dry-run',
  'endpoint',
  'sampling-rate',
  'kubernetes-version',
  'etcd-version',
  'rootfs',
  'restart-timeout',
  ...CANARY_FLAGS.map(({ name }) => name),
];

/** Settings that each control-plane node needs. */
const REPEATED = ['sampling-rate', 'kubernetes-version', 'etcd-version', 'restart-timeout'] as const;

/** Reads `setup kubeadm` with `--apply`, `--undo` or `--dry-run`. Throws a UsageError. */
export function kubeadmTask(values: FlagValues): KubeadmTask {
  const isUndo = values.boolean('undo') === true;
  const { endpoint, samplingRate, kubernetesVersion, etcdVersion } = fileOptions(values);
  const given = values.string('rootfs') ?? '';
  const rootfs = given === '/' ? '' : given;
  if (rootfs !== '' && !rootfs.startsWith('/')) throw invalid('rootfs', rootfs, 'must be an absolute path');
  return {
    kind: 'kubeadm',
    action: isUndo ? 'undo' : 'apply',
    dryRun: isDryRun(values),
    endpoint,
    samplingRate,
    kubernetesVersion,
    etcdVersion,
    rootfs,
    restartTimeout: values.duration('restart-timeout'),
    repeated: REPEATED.filter((name) => values.isGiven(name)).map((name) => [name, values.string(name) ?? '']),
    connection: connectionFlags(values),
    lookup: canaryLookup(values),
  };
}

/** The difference is computed here: a server-side dry run could not show that of the manifests. */
function isDryRun(values: FlagValues): boolean {
  const text = values.string('dry-run') ?? 'none';
  if (['none', 'false'].includes(text)) return false;
  if (['client', 'true', 'unchanged'].includes(text)) return true;
  throw invalid('dry-run', text, 'must be client or none');
}

const canaryLookup = (values: FlagValues): LookupFlags =>
  withoutUndefined({
    backend: values.filledString('backend'),
    backendIsExplicit: values.isGiven('backend'),
    access: backendAccess(values),
    via: values.isSet('via') ? values.choice<Via>('via') : undefined,
    wait: values.duration('wait'),
    waitIsExplicit: values.isGiven('wait'),
    waitIsDefault: !values.isSet('wait'),
    metrics: 'off' as const,
    metricsIsExplicit: true,
    requireComplete: false,
    history: false,
  });
