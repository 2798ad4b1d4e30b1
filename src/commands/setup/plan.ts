import type { ApiserverTracing } from '../../control-plane/apiserver-tracing.ts';
import type { EtcdTracing } from '../../control-plane/etcd-tracing.ts';
import type { KubeletTracing } from '../../control-plane/kubelet-tracing.ts';
import type { Version } from '../../control-plane/version.ts';

/** Everything that decides what the files of a kind contain. */
export interface PlanInput {
  readonly version: Version;
  readonly apiserver: ApiserverTracing;
  /** Undefined: this etcd does not trace, or there is no etcd (kine). */
  readonly etcd: EtcdTracing | undefined;
  /** Undefined: this kubelet does not trace. */
  readonly kubelet: KubeletTracing | undefined;
  /** `containerd://2.1.4`; undefined where it is not known. */
  readonly runtime: string | undefined;
  readonly endpoint: string;
  readonly samplingRate: number;
  readonly kubeletSamplingRate: number;
}

/** A file that is written as a whole. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
}

/** One step, at one place. */
export interface Step {
  /** `On each control-plane node, as root: the file that kube-apiserver reads`. */
  readonly title: string;
  readonly files?: readonly PlannedFile[];
  /** Run after the files are written. */
  readonly commands?: readonly string[];
  /** Lines for a file that exists already, to be added by hand. */
  readonly merge?: PlannedFile;
  /** Sentences. */
  readonly notes?: readonly string[];
}

/** How tracing is switched on in one kind of cluster, and off again. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly undo: readonly Step[];
}

/** How a kind makes its plan. */
export type MakePlan = (input: PlanInput) => Plan;

/** Lines, each with spaces before it. */
export const indent = (spaces: number, lines: string | readonly string[]): string =>
  (typeof lines === 'string' ? lines.replace(/\n$/, '').split('\n') : lines)
    .map((line) => (line === '' ? '' : `${' '.repeat(spaces)}${line}`))
    .join('\n');
