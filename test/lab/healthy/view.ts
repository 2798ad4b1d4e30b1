import { holds, type APIObject } from './objects.ts';
import { rolloutStatus } from './rollout-status.ts';
import type { Tick } from './recorder.ts';

/** A workload's namespace at one tick, as its scenario looks at it. */
export class View {
  /** The object that a user would name; undefined before its creation and after its end. */
  readonly subject: APIObject | undefined;
  readonly #objects: readonly APIObject[];

  constructor({ objects }: Tick, kind: string, name: string) {
    this.#objects = objects;
    this.subject = this.all(kind).find(({ metadata }) => metadata.name === name);
  }

  all(kind: string): readonly APIObject[] {
    return this.#objects.filter((object) => object.kind === kind);
  }

  get pods(): readonly APIObject[] {
    return this.all('Pod');
  }

  /** Pods that are to stay: neither finished nor on their way out. */
  get active(): readonly APIObject[] {
    return this.pods.filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(status?.['phase'] as string),
    );
  }

  get terminating(): readonly APIObject[] {
    return this.pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  }

  phase(phase: string): readonly APIObject[] {
    return this.pods.filter(({ status }) => status?.['phase'] === phase);
  }

  /** Exactly this many active pods, each Ready, and none on its way out. */
  ready(pods: number): boolean {
    return (
      this.active.length === pods && this.active.every((pod) => holds(pod, 'Ready')) && this.terminating.length === 0
    );
  }

  /** `kubectl rollout status` is content, and the pods of before are gone. */
  rolledOut(pods: number): boolean {
    return this.subject !== undefined && rolloutStatus(this.subject) === 'done' && this.ready(pods);
  }

  /** The condition of the subject is True. */
  is(type: string): boolean {
    return this.subject !== undefined && holds(this.subject, type);
  }

  /** How many containers wait for this reason. */
  waiting(reason: string): number {
    const states = this.pods.flatMap((pod) => statuses(pod).map(({ state }) => state?.waiting?.reason));
    return states.filter((each) => each === reason).length;
  }

  /** The most often restarted container of any pod. */
  get restarts(): number {
    return Math.max(0, ...this.pods.flatMap((pod) => statuses(pod).map(({ restartCount }) => restartCount)));
  }
}

interface ContainerStatus {
  readonly name: string;
  readonly restartCount: number;
  readonly state?: { readonly waiting?: { readonly reason?: string } };
}

function statuses({ status }: APIObject): readonly ContainerStatus[] {
  return (['initContainerStatuses', 'containerStatuses'] as const).flatMap(
    (field) => (status?.[field] ?? []) as readonly ContainerStatus[],
  );
}
