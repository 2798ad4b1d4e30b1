import type { CommonArguments } from '../cli/arguments.ts';
import { ExitCode, TraceCommandError } from '../errors.ts';
import { openDiscoveryCache, type DiscoveryCache } from '../kube/api/discovery-cache.ts';
import type { TypeSource } from '../kube/api/discovery.ts';
import type { RelayingCluster } from '../kube/cluster.ts';
import type { OpeningTerms } from '../kube/connect/opening-terms.ts';
import type { Cluster } from '../kube/http/exchange.ts';
import type { Report } from '../report/report.ts';
import type { Runtime } from '../runtime.ts';
import type { BackendChoice } from './backend/choice.ts';
import { chooseBackend } from './backend/choose.ts';
import { exportURL } from './export.ts';
import { explainingEmpty } from './empty-template.ts';
import { belowResponse, DRAWN, isInDocument, openOutput, type Output } from './output.ts';
import { printWarnings, warnOn } from './errors.ts';
import { RequestRecorder } from './recorder.ts';
import type { PrintResponse } from './response.ts';
import type { MetricsReader } from './source/metrics/reader.ts';
import { recordedRequests, type RecordedRequests, type SentRequests } from './sent-requests.ts';

/** A command whose requests are traced. */
export type TracedInvocation = CommonArguments & { readonly kind: string };

/** Options for sending a command's requests. */
export interface Sending {
  readonly cluster: Cluster;
  readonly recorder: RequestRecorder;
  readonly cache: DiscoveryCache;
  /** Where names of types are looked up. */
  readonly types: TypeSource;
  readonly runtime: Runtime;
  /** Reads the API server's metrics between requests; undefined where they are not read. */
  readonly metrics: MetricsReader | undefined;
}

/** Where the trace is printed. */
export interface TraceTarget {
  readonly output: Output;
  /** The runtime whose standard output it is. */
  readonly runtime: Runtime;
  close(): Promise<void>;
}

interface SessionOptions {
  /** Use of standard input, when a credential plugin does not read it. */
  readonly standardInput: OpeningTerms['input'];
  /** Opens the target of the trace; without it the trace goes to standard output. */
  readonly openTarget?: () => Promise<TraceTarget>;
}

/**
 * One traced command, step by step:
 *
 *     open → record → print response → build report → publish → close
 */
export class Session {
  readonly choice: BackendChoice;
  readonly runtime: Runtime;
  readonly version: string;
  readonly invocation: TracedInvocation;
  readonly #exportURL: string | undefined;
  readonly #target: TraceTarget;
  readonly #standardInput: OpeningTerms['input'];
  #cluster: RelayingCluster | undefined;

  constructor(
    opened: Pick<Session, 'choice' | 'runtime' | 'version' | 'invocation'>,
    settings: {
      readonly exportURL: string | undefined;
      readonly target: TraceTarget;
      readonly standardInput: OpeningTerms['input'];
    },
  ) {
    this.choice = opened.choice;
    this.runtime = opened.runtime;
    this.version = opened.version;
    this.invocation = opened.invocation;
    this.#exportURL = settings.exportURL;
    this.#target = settings.target;
    this.#standardInput = settings.standardInput;
  }

  /** Loads what looks traces up and draws them, while the requests are under way. */
  prepare(): void {
    void Promise.all([import('./build-report.ts'), import('./publish.ts')]);
    if (this.invocation.draw.output === 'tree') void import('../render/terminal/screen.ts');
  }

  /** Opens the cluster of the command. `onAtHand`: see OpeningTerms. */
  async connect(onAtHand?: OpeningTerms['onAtHand']): Promise<RelayingCluster> {
    const { connection, lookup } = this.invocation;
    const options = { connection, input: this.#standardInput, tracerUser: lookup.tracerUser, onAtHand };
    const { openTracedCluster } = await import('./open-cluster.ts');
    this.#cluster ??= await openTracedCluster(options, this.runtime, this.version);
    return this.#cluster;
  }

  /** Sends the command's requests, each with its own span. Rejects when nothing could be sent. */
  async record(send: (sending: Sending) => Promise<void>): Promise<RecordedRequests> {
    const { invocation, runtime, version } = this;
    const cluster = await this.connect();
    const recorder = new RequestRecorder(cluster, runtime);
    const cache = openDiscoveryCache(invocation.connection, cluster.server, runtime);
    const { openMetricsReader } = await import('./source/metrics/reader.ts');
    const metrics = openMetricsReader({ cluster, traceID: recorder.traceID }, invocation, runtime);
    if (invocation.lookup.metrics === 'delta') await metrics?.readBefore();
    const types = { send: recorder.send, cache, warn: warnOn(runtime) };
    let failure: TraceCommandError | undefined;
    try {
      const sent = send({ cluster, recorder, cache, types, runtime, metrics });
      this.prepare();
      await sent;
    } catch (error) {
      if (!(error instanceof TraceCommandError)) throw error;
      if (error.exitCode === ExitCode.usage && recorder.exchanges.length === 0) throw error;
      failure = error;
    }
    return recordedRequests({
      invocation,
      cluster,
      recorder,
      cache,
      failure,
      version,
      platform: runtime.platform,
      interrupted: runtime.interrupted,
      metrics,
    });
  }

  /**
   * Prints the server's warnings and, with --show-response, the response, before the traces are looked up. `print` is the
   * command's own way of printing it. Resolves with the separator from the output that follows; "" after nothing.
   */
  async printResponse(sent: RecordedRequests, print: PrintResponse): Promise<string> {
    const { invocation, runtime } = this;
    const { draw } = invocation;
    // With --redact they are printed at the end, when it is known what is a name.
    if (!draw.redact) printWarnings(sent.recorder.exchanges, runtime);
    if (draw.responseFormat === undefined || isInDocument(draw)) return '';
    const { writeResponse } = await import('./response.ts');
    return writeResponse(sent, { format: draw.responseFormat, print }, runtime);
  }

  /**
   * Looks up the traces of what was sent. Prints nothing, but for a first picture on a terminal that is erased again.
   * `isQuiet`: without that and without a progress line, since another one is on the terminal.
   */
  async buildReport(sent: SentRequests, { isQuiet = false }: { readonly isQuiet?: boolean } = {}): Promise<Report> {
    const { invocation, choice, version } = this;
    const { runtime, output } = this.#target;
    const { draw } = invocation;
    const { outTerminal } = runtime;
    const canRedraw = outTerminal.isTTY && outTerminal.isDumb !== true;
    const isDrawn = canRedraw && DRAWN.has(draw.output) && !draw.redact && !isQuiet;
    const drawFirst = isDrawn ? output : undefined;
    const { buildReport } = await import('./build-report.ts');
    const looking = isQuiet ? { ...runtime, errTerminal: { isTTY: false, columns: undefined } } : runtime;
    return buildReport(sent, { invocation, choice, version, exportURL: this.#exportURL, drawFirst }, looking);
  }

  /** Prints the report, stores it for `show last`, and resolves with the exit code. */
  async publish(report: Report, separator = ''): Promise<number> {
    const { lookup, draw } = this.invocation;
    const { output, runtime } = this.#target;
    const explained = explainingEmpty(output, this.invocation, runtime);
    const below = separator === '' ? explained : belowResponse(explained, separator);
    const { publish } = await import('./publish.ts');
    return publish(report, { output: below, history: lookup.history, redact: draw.redact }, runtime);
  }

  async close(): Promise<void> {
    this.#cluster?.close();
    await this.#target.close();
  }
}

/** Everything that can be refused without the cluster is refused here, before anything is sent. */
export async function openSession(
  invocation: TracedInvocation,
  { standardInput, openTarget = async () => standardOutput(invocation, runtime) }: SessionOptions,
  runtime: Runtime,
  version: string,
): Promise<Session> {
  const choice = await chooseBackend(invocation.lookup, runtime);
  const url = exportURL(invocation.exportTo, runtime.env);
  const target = await openTarget();
  return new Session({ choice, runtime, version, invocation }, { exportURL: url, target, standardInput });
}

const standardOutput = ({ draw }: TracedInvocation, runtime: Runtime): TraceTarget => ({
  output: openOutput(draw, runtime),
  runtime,
  close: async () => {},
});
