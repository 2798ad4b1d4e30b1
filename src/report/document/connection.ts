import { TLS_ENDS, type PhaseTimes, type RequestReport } from '../report.ts';
import type { DocumentReader } from './document-reader.ts';

/** Durations of a request's phases. */
export const readPhases = (phases: DocumentReader): PhaseTimes => ({
  dnsNanos: phases.nanosOrNull('dnsNanos'),
  connectNanos: phases.nanosOrNull('connectNanos'),
  tlsNanos: phases.nanosOrNull('tlsNanos'),
  sendNanos: phases.nanosOrNull('sendNanos'),
  waitNanos: phases.nanosOrNull('waitNanos'),
  receiveNanos: phases.nanosOrNull('receiveNanos'),
});

/** Earlier documents have none of these keys. */
export function readConnection(
  request: DocumentReader,
): Pick<RequestReport, 'clientPhases' | 'roundTripNanos' | 'receivedNanos' | 'tlsEnd' | 'openNanos'> {
  if (!request.has('clientPhases')) return {};
  const client = request.objectOrNull('clientPhases');
  return {
    clientPhases: client === null ? null : readPhases(client),
    roundTripNanos: request.nanosOrNull('roundTripNanos'),
    receivedNanos: request.value('receivedNanos') === null ? null : request.nanosList('receivedNanos'),
    tlsEnd: request.choiceOrNull('tlsEnd', TLS_ENDS),
    openNanos: request.nanosOrNull('openNanos'),
  };
}
