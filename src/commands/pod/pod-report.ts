import { clusterFlags } from '../../format/cluster-flags.ts';
import type { TraceBackend } from '../../backend/backend.ts';
import { ExitCode } from '../../errors.ts';
import { shell } from '../../format/shell-command.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import type { PodReport, PodSetReport, RequestedSubject } from '../../report/pod-report.ts';
import type { ErrorReport, Report } from '../../report/report.ts';
import { causeWords, stateSentence } from '../../render/pod/words.ts';
import { workloadProgress } from '../../render/pod/workload-words.ts';
import { commandInContext, inContext } from '../../pod/in-context.ts';
import type { Verdict } from '../../pod/verdict.ts';
import { between, type EpochNanos } from '../../trace/time.ts';
import { clockDifference, clockNote } from './cluster-time.ts';
import type { PodReader } from './reader.ts';
import type { Judged } from './reading.ts';
import { programPart } from '../../format/program-name.ts';

/** The command that reports on pods. */
export interface ReportingCommand {
  readonly verb: string;
  readonly args: readonly string[];
  readonly version: string;
  readonly cluster: Cluster;
  readonly subject: RequestedSubject;
  readonly backend: TraceBackend | undefined;
  readonly reader: PodReader;
  readonly startedAt: EpochNanos;
}

/** Why a follow ended, when the pod did not end it. */
export type FollowEnd = 'timeout' | 'deleted' | 'interrupted';

/** A document does not list more pods than this one by one either. */
const MAX_PODS = 1000;

/** Parts of a report that not every command has. */
export interface PodReportParts {
  readonly end?: FollowEnd | undefined;
  /** Report of a command on its own requests that created the pods. */
  readonly request?: Report | undefined;
  readonly set?: PodSetReport | null;
  /** Takes the place of the one that follows from the verdict. */
  readonly error?: ErrorReport | undefined;
}

/** `now`: by the cluster's clock. */
export function podReport(
  command: ReportingCommand,
  judged: Judged,
  now: EpochNanos,
  { end, request, set = null, error: failure }: PodReportParts = {},
): PodReport {
  const { cluster, backend, subject } = command;
  const flags = clusterFlags(command.args);
  const addressed = (verdict: Verdict): Verdict => inContext(verdict, flags);
  const error =
    failure ??
    errorOf(command, judged, now, end) ??
    (request?.error?.code === ExitCode.requestFailed ? request.error : null);
  const clock = clockDifference(command.reader.clock);
  const note = clockNote(clock);
  const [worst] = judged.lifecycles;
  const kubelet = worst?.trace.spans.findLast(
    ({ source, span }) => source === 'span' && span.resource.service === 'kubelet',
  );
  return {
    toolVersion: command.version,
    exitCode: error?.code ?? ExitCode.ok,
    cluster: { context: cluster.contextName, server: cluster.server, version: request?.cluster.version ?? null },
    command: {
      verb: command.verb,
      args: command.args,
      traceID: request?.command.traceID ?? null,
      spanID: request?.command.spanID ?? null,
      startTime: command.startedAt,
      durationNanos: between(command.startedAt, command.reader.clock.localOf(now)),
    },
    requests: request?.requests ?? [],
    subject: { kind: subject.kind, namespace: subject.namespace, name: subject.name },
    lifecycles: judged.lifecycles
      .slice(0, MAX_PODS)
      .map((lifecycle) => ({ ...lifecycle, verdict: addressed(lifecycle.verdict) })),
    verdict:
      judged.verdict === null
        ? null
        : addressed(
            note === undefined ? judged.verdict : { ...judged.verdict, notes: [...judged.verdict.notes, note] },
          ),
    workload: judged.workload,
    set,
    owner: judged.owner,
    podsLeftOut: Math.max(0, judged.lifecycles.length - MAX_PODS),
    backend:
      backend === undefined
        ? null
        : {
            kind: backend.kind,
            url: backend.url,
            traceURL: kubelet === undefined ? null : backend.traceURL(kubelet.traceID),
          },
    gaps: command.reader.gaps,
    now,
    clock,
    error,
  };
}

/** A stuck or failed pod is a result and not a failure of the command: exit code 6 reports it to scripts. */
function errorOf(
  { subject, args }: ReportingCommand,
  judged: Judged,
  now: EpochNanos,
  end: FollowEnd | undefined,
): ErrorReport | null {
  const { verdict, lifecycles, workload } = judged;
  const [worst] = lifecycles;
  const what = `${subject.kind}/${worst !== undefined && subject.kind === 'pod' ? worst.name : subject.name}`;
  if (end === 'interrupted') {
    return {
      code: ExitCode.interrupted,
      reason: 'Interrupted',
      message: `interrupted while following ${what}`,
      hint: null,
    };
  }
  if (verdict?.state === 'stuck' || verdict?.state === 'failed') {
    const how = stateSentence(verdict, worst === undefined || workload !== null ? now : worst.end);
    const why = verdict.cause === null ? '' : `: ${causeWords(verdict.state, verdict.cause)}`;
    const message = `${what} ${how}${why}`;
    return { code: ExitCode.stuck, reason: verdict.state === 'stuck' ? 'PodStuck' : 'PodFailed', message, hint: null };
  }
  if (end === 'deleted') {
    return {
      code: ExitCode.stuck,
      reason: 'PodDeleted',
      message: `${what} was deleted while this command followed it`,
      hint: null,
    };
  }
  if (end === 'timeout' && !isDone(subject, verdict)) {
    const { kind, name, namespace } = subject;
    const followed = kind === 'pod' ? name : `${kind}/${name}`;
    const command = shell`${programPart()} pod ${followed} -n ${namespace ?? ''}`;
    const again = commandInContext(command, clusterFlags(args));
    const far = workload === null ? 'not Ready' : `not done (${workloadProgress(workload)})`;
    return {
      code: ExitCode.stuck,
      reason: 'PodNotReady',
      message: `${what} is ${far} after --timeout`,
      hint: `give a longer --timeout, or check again later: ${again}`,
    };
  }
  return null;
}

/** One that was done when it was read last is not late, however long the server has been silent since. */
const isDone = ({ kind }: RequestedSubject, verdict: Verdict | null): boolean =>
  verdict?.state === 'succeeded' ||
  // A Job is ready while its pods run, and done only when it is Complete.
  (verdict?.state === 'ready' && kind !== 'job');
