import { REASONS } from '../../pod/reason.ts';
import { STATES, type State } from '../../pod/verdict.ts';
import type { PodSetReport } from '../pod-report.ts';
import type { DocumentReader } from './document-reader.ts';

/** The set of a PodTrace document; null for one pod or workload, and in documents from before there was this key. */
export function readPodSet(document: DocumentReader): PodSetReport | null {
  const set = document.has('set') ? document.objectOrNull('set') : null;
  if (set === null) return null;
  const service = set.objectOrNull('service');
  const counts = set.object('counts');
  return {
    labelSelector: set.textOrNull('labelSelector'),
    fieldSelector: set.textOrNull('fieldSelector'),
    names: set.texts('names'),
    service: service && {
      selector: service.textOrNull('selector'),
      endpoints: service.integerOrNull('endpoints'),
      readyEndpoints: service.integerOrNull('readyEndpoints'),
    },
    total: set.integer('total'),
    counts: Object.fromEntries(STATES.map((state) => [state, counts.integer(state)])) as Record<State, number>,
    replaced: set.integer('replaced'),
    reasons: set
      .objects('reasons')
      .map((found) => ({ reason: found.choice('reason', REASONS), pods: found.integer('pods') })),
  };
}
