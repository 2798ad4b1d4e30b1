import type { TraceBackend } from '../../backend/backend.ts';
import type { FollowFlags } from '../../cli/options/follow.ts';
import type { Cluster, Exchange } from '../../kube/http/exchange.ts';
import type { PodReport } from '../../report/pod-report.ts';
import type { Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import type { EpochNanos } from '../../trace/time.ts';
import { clusterNow } from './cluster-time.ts';
import { creatingRequest } from './creating-request.ts';
import { followPods } from './follow.ts';
import { LookAround, readOnce } from './gather.ts';
import { liveScreen } from './live-screen.ts';
import type { PodReader } from './reader.ts';
import { judgeReading, type Measure } from './reading.ts';
import type { FoundSubject } from './subject.ts';
import { stuckWarnings } from './stuck-warning.ts';
import { podReport } from './pod-report.ts';

/** A command that reports on pods, and all that it needs for that. */
export interface PodTask {
  readonly verb: string;
  readonly args: readonly string[];
  readonly version: string;
  readonly cluster: Cluster;
  readonly startedAt: EpochNanos;
  readonly subject: FoundSubject;
  readonly reader: PodReader;
  readonly backend: TraceBackend | undefined;
  readonly follow: FollowFlags;
  /** The report of the request that has made the pods: it comes when its trace has been looked for. */
  readonly request?: Promise<Report>;
  /** Among the requests of that report the one that the subject was made with. */
  readonly made?: Exchange;
}

/** Reads once, or follows, and resolves with the report. */
export async function showPods(task: PodTask, runtime: Runtime): Promise<PodReport> {
  const { subject, reader, backend, follow, request } = task;
  const around = new LookAround(reader, backend, runtime);
  if (!follow.follow) {
    const reading = await readOnce(subject, reader);
    const measure = (): Measure => ({
      now: clusterNow(reader.clock, reading.pods, runtime.clock),
      untilStuck: follow.untilStuck,
    });
    const complete = await around.around(reading, judgeReading(reading, measure()).lifecycles);
    const last = measure();
    return podReport(task, judgeReading(complete, last), last.now);
  }
  let created: Report | undefined;
  const reported = request?.then((report) => (created = report));
  const screen = liveScreen(runtime);
  const warn = stuckWarnings(runtime);
  const followed = await followPods(
    {
      subject,
      reader,
      around,
      untilStuck: follow.untilStuck,
      timeout: follow.timeout,
      traced: backend !== undefined,
      request: () => creatingRequest(created, task.made, reader.clock),
      beforeLast: async () => void (await reported),
      onPicture: async (judged, now, trouble) => {
        const report = podReport(task, judged, now, { request: created });
        warn(report);
        screen.draw(report, trouble);
      },
    },
    runtime,
  );
  screen.clear();
  return podReport(task, followed.judged, followed.now, { end: followed.end, request: created });
}
