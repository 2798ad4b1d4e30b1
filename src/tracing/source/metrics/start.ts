import type { CommonArguments } from '../../../cli/arguments.ts';
import { openMetricsAccessCache } from '../../../kube/api/metrics-access.ts';
import type { Runtime } from '../../../runtime.ts';
import type { SentRequests } from '../../sent-requests.ts';
import { measurementOf, type Measurement } from './measure.ts';
import { readMetrics } from './read.ts';

/** A measurement under way. Neither promise rejects. */
export interface RunningMeasurement {
  /** Resolves when its request is on a connection: until then nothing else may take the one of the user's request. */
  readonly begun: Promise<void>;
  readonly result: Promise<Measurement>;
}

/**
 * Reads the API server's metrics for the requests just sent. Undefined with --metrics=off and --wait 0, and where no
 * request reached the server.
 */
export function startMeasurement(
  { cluster, command, requests }: SentRequests,
  { connection, lookup }: CommonArguments,
  runtime: Runtime,
): RunningMeasurement | undefined {
  const isWanted = lookup.metrics !== 'off' && lookup.wait !== 0 && !runtime.interrupted.aborted;
  if (!isWanted || requests.every(({ status }) => status === null)) return undefined;
  const { tracerUser } = lookup;
  const user = { connection, context: cluster.contextName, tracerUser };
  const cache = openMetricsAccessCache(user, cluster.server, runtime);
  const task = { cluster, traceID: command.traceID, cache, asksAgain: lookup.metricsIsExplicit };
  const { begun, reading } = readMetrics(task, runtime);
  return { begun, result: reading.then((read) => measurementOf(read, requests, command.traceID)) };
}
