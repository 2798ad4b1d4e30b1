import { instantOf, listOf, numberOf, objectOf, textOf, textsOf, type Instant } from './fields.ts';

export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string | undefined; readonly message: string | undefined }
  | { readonly kind: 'running'; readonly startedAt: Instant | undefined }
  | TerminatedState;

export interface TerminatedState {
  readonly kind: 'terminated';
  readonly exitCode: number;
  /** The signal as the runtime reports it; otherwise it is in the exit code, 128 + the signal. */
  readonly signal: number | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly startedAt: Instant | undefined;
  readonly finishedAt: Instant | undefined;
}

export interface PreStopHook {
  readonly words: string;
  /** How long it takes; undefined where only the hook knows. */
  readonly seconds: number | undefined;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly init: boolean;
  /** An init container that goes on running (`restartPolicy: Always`, KEP-753). */
  readonly sidecar: boolean;
  /** Its own policy, which counts before the pod's (KEP-5307); undefined without one. */
  readonly restartPolicy: string | undefined;
  readonly memoryLimit: string | undefined;
  readonly memoryRequest: string | undefined;
  readonly probes: {
    readonly startup: boolean;
    readonly readiness: boolean;
    readonly liveness: boolean;
    /** How long the manifest gives the startup probe to succeed, and the readiness probe to begin, in seconds; 0 without. */
    readonly startupSeconds: number;
    readonly readinessSeconds: number;
  };
  /**
   * Hook that runs before the container is stopped: `exec sleep 30`, `GET /drain`; undefined without a preStop hook.
   */
  readonly preStop: PreStopHook | undefined;
  /** Undefined before the kubelet has reported the container. */
  readonly state: ContainerState | undefined;
  /** How the run before this one ended. */
  readonly last: TerminatedState | undefined;
  readonly ready: boolean;
  /** False until the startup probe has succeeded; without one as soon as it runs. */
  readonly started: boolean;
  readonly restarts: number;
}

/** Containers from the specs and statuses of a pod, in the order of the specs. */
export function containersOf(specs: unknown, statuses: unknown, init: boolean): Container[] {
  const byName = new Map(listOf(statuses).map((status) => [status['name'], status]));
  return listOf(specs).map((spec) => {
    const status = byName.get(spec['name']) ?? {};
    const { limits, requests } = objectOf(spec['resources']);
    const last = stateOf(status['lastState']);
    return {
      name: textOf(spec['name']) ?? '',
      image: textOf(spec['image']) ?? '',
      init,
      sidecar: init && spec['restartPolicy'] === 'Always',
      restartPolicy: textOf(spec['restartPolicy']),
      memoryLimit: textOf(objectOf(limits)['memory']),
      memoryRequest: textOf(objectOf(requests)['memory']),
      probes: {
        startup: spec['startupProbe'] !== undefined,
        readiness: spec['readinessProbe'] !== undefined,
        liveness: spec['livenessProbe'] !== undefined,
        startupSeconds: startupSeconds(spec['startupProbe']),
        readinessSeconds: numberOf(objectOf(spec['readinessProbe'])['initialDelaySeconds']) ?? 0,
      },
      preStop: hookOf(objectOf(spec['lifecycle'])['preStop']),
      state: stateOf(status['state']),
      last: last?.kind === 'terminated' ? last : undefined,
      ready: status['ready'] === true,
      started: status['started'] === true,
      restarts: numberOf(status['restartCount']) ?? 0,
    };
  });
}

/** After this the kubelet kills the container; defaults from k8s.io/kubernetes pkg/apis/core/v1/defaults.go. */
function startupSeconds(value: unknown): number {
  if (value === undefined) return 0;
  const { initialDelaySeconds, periodSeconds, failureThreshold } = objectOf(value);
  return (numberOf(initialDelaySeconds) ?? 0) + (numberOf(periodSeconds) ?? 10) * (numberOf(failureThreshold) ?? 3);
}

/** In a few words (k8s.io/api core/v1 LifecycleHandler). */
function hookOf(value: unknown): PreStopHook | undefined {
  if (value === undefined || value === null) return undefined;
  const { exec, httpGet, tcpSocket, sleep } = objectOf(value);
  if (sleep !== undefined) {
    const seconds = numberOf(objectOf(sleep)['seconds']) ?? 0;
    return { words: `sleep ${seconds} s`, seconds };
  }
  const words =
    exec !== undefined
      ? `exec ${textsOf(objectOf(exec)['command']).join(' ')}`
      : httpGet !== undefined
        ? `GET ${textOf(objectOf(httpGet)['path']) ?? '/'}`
        : tcpSocket === undefined
          ? 'of an unknown kind'
          : 'TCP connection';
  return { words, seconds: undefined };
}

function stateOf(value: unknown): ContainerState | undefined {
  const state = objectOf(value);
  if (state['waiting'] !== undefined) {
    const waiting = objectOf(state['waiting']);
    return { kind: 'waiting', reason: textOf(waiting['reason']), message: textOf(waiting['message']) };
  }
  if (state['running'] !== undefined) {
    return { kind: 'running', startedAt: instantOf(objectOf(state['running'])['startedAt']) };
  }
  if (state['terminated'] === undefined) return undefined;
  const ended = objectOf(state['terminated']);
  return {
    kind: 'terminated',
    exitCode: numberOf(ended['exitCode']) ?? 0,
    signal: numberOf(ended['signal']),
    reason: textOf(ended['reason']),
    message: textOf(ended['message']),
    startedAt: instantOf(ended['startedAt']),
    finishedAt: instantOf(ended['finishedAt']),
  };
}
