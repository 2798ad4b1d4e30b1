import { recordClientSpans } from '../propagation/client-span.ts';
import type { ClientRequest, ClientWork } from '../propagation/client-work.ts';
import type { Runtime } from '../runtime.ts';
import type { Span } from '../trace/span.ts';
import type { CommandSpan } from './command-span.ts';
import { exportWork } from './export.ts';

/** Sources of a command's own spans, and their destination. */
export interface RecordTask {
  readonly command: CommandSpan;
  /** The command's span's. */
  readonly name: string;
  readonly requests: readonly ClientRequest[];
  /** Null when nothing went wrong. */
  readonly errorMessage: string | null;
  readonly version: string;
  /** Undefined: they are not exported. */
  readonly exportURL: string | undefined;
}

/** A command's own spans; they are on their way to the collector when `exported` resolves, which never rejects. */
export async function recordSpans(
  task: RecordTask,
  runtime: Runtime,
): Promise<{ readonly spans: readonly Span[]; readonly exported: Promise<void> }> {
  const { command, requests, errorMessage, version } = task;
  const work: ClientWork = {
    traceID: command.traceID,
    spanID: command.spanID,
    parentSpanID: command.parentSpanID,
    name: task.name,
    start: command.startedAt,
    end: command.endedAt,
    errorMessage,
    version,
    requests,
  };
  const exported = task.exportURL === undefined ? Promise.resolve() : exportWork(work, task.exportURL, runtime);
  return { spans: recordClientSpans(work), exported };
}
