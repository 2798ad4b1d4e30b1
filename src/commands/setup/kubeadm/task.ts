import type { ConnectionFlags } from '../../../connection.ts';
import type { Version } from '../../../control-plane/version.ts';
import type { LookupFlags } from '../../../cli/options/lookup.ts';
import type { Nanos } from '../../../trace/time.ts';

/** `setup kubeadm` with `--apply`, `--undo` or `--dry-run`: on a control-plane node. */
export interface KubeadmTask {
  readonly kind: 'kubeadm';
  readonly action: 'apply' | 'undo';
  /** Print the difference, and change nothing. */
  readonly dryRun: boolean;
  /** HOST:PORT; undefined: that of the earlier apply. */
  readonly endpoint: string | undefined;
  /** Per million; undefined: the usual one of the version. */
  readonly samplingRate: number | undefined;
  readonly kubernetesVersion: Version | undefined;
  readonly etcdVersion: Version | undefined;
  /** Where the file system of the node is; "" for /. */
  readonly rootfs: string;
  /** The longest time that a component may need to restart. */
  readonly restartTimeout: Nanos;
  /** Flags as they were given, for the command on the next node. */
  readonly repeated: readonly (readonly [name: string, value: string])[];
  readonly connection: ConnectionFlags;
  /** For the request that verifies the change. */
  readonly lookup: LookupFlags;
}
