import type { CommonArguments } from '../../../cli/arguments.ts';
import type { Runtime } from '../../../runtime.ts';
import type { SentRequests } from '../../sent-requests.ts';
import { measurementOf, type Measurement } from './measure.ts';
import { openMetricsReader } from './reader.ts';

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
  { cluster, command: { traceID, startedAt: commandStart }, requests, metrics }: SentRequests,
  invocation: CommonArguments,
  runtime: Runtime,
): RunningMeasurement | undefined {
  if (runtime.interrupted.aborted || requests.every(({ status }) => status === null)) return undefined;
  const reader = metrics ?? openMetricsReader({ cluster, traceID }, invocation, runtime);
  if (reader === undefined) return undefined;
  const { earlier, before } = reader;
  const { begun, reading } = reader.start();
  return {
    begun,
    result: reading.then((last) => measurementOf({ last, earlier, before, commandStart }, requests, traceID)),
  };
}
