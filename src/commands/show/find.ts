import { counted } from '../../format/counted.ts';
import type { ShowInvocation, ShowSource } from './arguments.ts';
import { ExitCode, UsageError } from '../../errors.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import { isPodDocument, readPodDocument } from '../../report/document/pod-report.ts';
import { escapeText } from '../../render/escape.ts';
import { readDocument } from '../../report/document/report.ts';
import type { Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { chooseBackend } from '../../tracing/backend/choose.ts';
import { readStoredAs, storedBack, storedByID } from '../../tracing/history.ts';
import type { StoredCommand } from '../../tracing/stored-commands.ts';
import { fromLog } from './from-log.ts';
import { readInputFile, readStandardInput, type Input } from './input.ts';
import type { LookupTask } from '../../tracing/lookup/task.ts';
import { readContent } from './read-spans.ts';
import { lookAgain, sentBefore } from './look-again.ts';
import { spansReport } from '../../report/spans-report.ts';
import { chooseTrace } from './spans.ts';
import { showTrace } from './trace.ts';
import { programName } from '../../format/program-name.ts';

/** The report that a source names, or the document of pods. Opens the cluster only where it is needed. */
export async function findSource(
  invocation: ShowInvocation,
  runtime: Runtime,
  version: string,
): Promise<Report | StoredPods> {
  const { source, lookup } = invocation;
  const pasted = source.kind === 'trace' ? source.backend : undefined;
  const choice = await chooseBackend(lookup, runtime, pasted);
  const cluster = clusterWhenNeeded(invocation, runtime, version);
  try {
    const found = await findIn(invocation, { choice, clusterOf: cluster.open }, runtime, version);
    return 'pods' in found ? found : required(found, invocation);
  } finally {
    await cluster.close();
  }
}

/** Whether more was found than what is stored: it is stored, so that the next time needs no query. */
export const isNews = ({ document, requests }: Report, { lookup }: ShowInvocation): boolean =>
  lookup.history && document === undefined && requests.length > 0;

/** Where the backend is, if a trace has to be looked up. */
type BackendSource = Pick<LookupTask, 'choice' | 'clusterOf'>;

/** A PodTrace document. */
export interface StoredPods {
  readonly pods: unknown;
}

async function findIn(
  invocation: ShowInvocation,
  { choice, clusterOf }: BackendSource,
  runtime: Runtime,
  version: string,
): Promise<Report | StoredPods> {
  const { source, args } = invocation;
  switch (source.kind) {
    case 'trace': {
      const { history, backendIsExplicit } = invocation.lookup;
      const readsHistory = source.prefix !== undefined && history && !backendIsExplicit;
      const stored = readsHistory ? storedByID(source.prefix, runtime) : undefined;
      if (stored !== undefined) return fromHistory(stored, { choice, clusterOf }, invocation, runtime);
      if (readsHistory && source.prefix.length < SHORTEST_ID) throw notStored(source.prefix);
      return showTrace(source.traceID, { choice, clusterOf }, invocation, runtime, version);
    }
    case 'history':
      return fromHistory(storedBack(source.back, runtime), { choice, clusterOf }, invocation, runtime);
    case 'file':
    case 'input':
      return fromInput(source, { args, version }, runtime);
    default:
      return source satisfies never;
  }
}

/** Trace IDs have 32 digits, and 16 in old backends. Fewer are the beginning of one. */
const SHORTEST_ID = 16;

const notStored = (prefix: string): UsageError =>
  new UsageError('UnknownTraceID', `no command of the history has a trace ID that begins with "${prefix}"`, {
    hint: `${programName()} history lists them; a complete trace ID is looked up in the backend`,
  });

/** A stored command; one whose trace was not found, or is incomplete, is looked up again. */
async function fromHistory(
  command: StoredCommand,
  { choice, clusterOf }: BackendSource,
  invocation: ShowInvocation,
  runtime: Runtime,
): Promise<Report | StoredPods> {
  const document = readStoredAs(command, runtime, (stored) => {
    if (!isPodDocument(stored)) return readDocument(stored);
    // The picture is drawn of the document itself.
    readPodDocument(stored);
    return { pods: stored };
  });
  if ('pods' in document) return document;
  const { log } = invocation;
  if (log !== undefined) return fromLog(document, { ...(await readLog(log.path, runtime)), kind: log.kind }, runtime);
  const sent = invocation.lookup.wait === 0 ? undefined : sentBefore(document, choice);
  if (sent === undefined) return document;
  return lookAgain(document, sent, invocation, clusterOf, runtime);
}

const readLog = (path: string, runtime: Runtime): Promise<Input> =>
  path === '-' ? readStandardInput(runtime) : readInputFile(path, runtime);

/** The cluster of the kubeconfig, used only to find a backend that the user has not named. */
function clusterWhenNeeded(
  { connection, source }: ShowInvocation,
  runtime: Runtime,
  version: string,
): { open(): Promise<Cluster | undefined>; close(): Promise<void> } {
  let opening: Promise<Cluster | undefined> | undefined;
  const open = async (): Promise<Cluster | undefined> => {
    const { openCluster } = await import('../../kube/cluster.ts');
    const input = source.kind === 'input' ? 'manifest' : 'free';
    const warn = (line: string): void => runtime.err.write(`${escapeText(line)}\n`);
    return openCluster(connection, runtime, version, { input, warn }).catch((error: unknown) => {
      // A backend in the cluster needs a cluster.
      if (error instanceof UsageError && error.reason === 'NoKubeconfig') return undefined;
      throw error;
    });
  };
  return {
    open: () => (opening ??= open()),
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
}

async function fromInput(
  source: Extract<ShowSource, { kind: 'file' | 'input' }>,
  about: { readonly args: readonly string[]; readonly version: string },
  runtime: Runtime,
): Promise<Report | StoredPods> {
  const input = source.kind === 'file' ? await readInputFile(source.path, runtime) : await readStandardInput(runtime);
  // From here on only the name is needed: a large text is not held beside the parsed content.
  const { name } = input;
  const content = await readContent(input);
  const say = (note: string): void => runtime.err.write(`note: ${escapeText(note)}\n`);
  for (const note of content.notes) say(note);
  if (content.kind === 'document') {
    const { document } = content;
    return isPodDocument(document) ? { pods: document } : readDocument(document);
  }
  if (content.dropped > 0) say(`${counted(content.dropped, 'span')} of ${name} left out: no valid ID or time`);
  if (content.cut !== undefined) say(content.cut);
  const trace = chooseTrace(content.spans, { name, choice: source.choice }, runtime);
  const shown = { from: name, waitedNanos: null };
  const verdict = content.cut === undefined ? null : 'partial';
  return spansReport({ ...trace, ...about, verdict, backend: null, shown, error: null });
}

/** --require-complete is about what is shown, wherever it comes from. */
function required(report: Report, { lookup }: ShowInvocation): Report {
  if (!lookup.requireComplete || report.verdict === 'complete' || report.exitCode !== ExitCode.ok) return report;
  const { document: _, ...told } = report;
  const verdict = report.verdict ?? 'of unknown completeness';
  return {
    ...told,
    exitCode: ExitCode.incomplete,
    error: {
      code: ExitCode.incomplete,
      reason: 'TraceIncomplete',
      message: `the trace is ${verdict}, and --require-complete was given`,
      hint: null,
    },
  };
}
