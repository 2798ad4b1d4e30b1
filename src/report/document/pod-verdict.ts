import { readCommand } from '../../format/shell-command.ts';
import { instantOf, type Instant } from '../../pod/fields.ts';
import { REASONS } from '../../pod/reason.ts';
import { STAGES } from '../../pod/stage.ts';
import {
  EVIDENCE_KINDS,
  PARTIES,
  STATES,
  type Cause,
  type Evidence,
  type NextStep,
  type Note,
  type Verdict,
} from '../../pod/verdict.ts';
import type { EpochNanos } from '../../trace/time.ts';
import type { DocumentReader } from './document-reader.ts';

/** A verdict of a PodTrace document. */
export function readVerdict(verdict: DocumentReader): Verdict {
  const state = verdict.choice('state', STATES);
  const stage = verdict.choice('stage', STAGES);
  const reason = verdict.choiceOrNull('reason', REASONS);
  const since = sinceOf(verdict);
  return {
    state,
    stage,
    reason,
    since,
    cause: readCause(verdict, { stage, reason, since }),
    notes: verdict.objects('notes').map(readNote),
  };
}

function sinceOf(verdict: DocumentReader): Instant | null {
  const at = timeOrNull(verdict, 'since');
  return at === null ? null : { at, uncertainty: verdict.nanos('sinceUncertaintyNanos') };
}

function readCause(verdict: DocumentReader, state: Pick<Verdict, 'stage' | 'reason' | 'since'>): Cause | null {
  const message = verdict.textOrNull('message');
  const waitingFor = verdict.objectOrNull('waitingFor');
  if (message === null || waitingFor === null || state.since === null) return null;
  const retryAt = timeOrNull(verdict, 'retryTime');
  return {
    reason: verdict.choiceOrNull('causeReason', REASONS) ?? state.reason ?? 'Unknown',
    stage: state.stage,
    // The state says what followed from it.
    proven: false,
    final: false,
    since: state.since,
    message,
    waitingFor: { kind: waitingFor.text('kind'), name: waitingFor.text('name') },
    owner: verdict.choice('owner', PARTIES),
    who: verdict.text('who'),
    evidence: verdict.objects('evidence').map(readEvidence),
    next: verdict.objects('next').map(readStep),
    ...(retryAt !== null && { retryAt }),
  };
}

function readEvidence(evidence: DocumentReader): Evidence {
  const first = timeOrNull(evidence, 'firstTime');
  const last = timeOrNull(evidence, 'lastTime');
  return {
    kind: evidence.choice('kind', EVIDENCE_KINDS),
    text: evidence.text('text'),
    count: evidence.integer('count'),
    ...(first !== null && { first }),
    ...(last !== null && { last }),
  };
}

const readStep = (step: DocumentReader): NextStep => ({
  command: readCommand(step.text('command')),
  when: step.text('when'),
});

function readNote(note: DocumentReader): Note {
  const next = note.objectOrNull('next');
  return { text: note.text('text'), ...(next !== null && { next: readStep(next) }) };
}

/** With nanoseconds, in UTC. */
export function time(reader: DocumentReader, name: string): EpochNanos {
  const instant = instantOf(reader.text(name));
  if (instant === undefined) throw reader.error(name, 'a time in RFC 3339');
  return instant.at;
}

export const timeOrNull = (reader: DocumentReader, name: string): EpochNanos | null =>
  reader.value(name) === null ? null : time(reader, name);
