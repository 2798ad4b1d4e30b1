import { readCommand } from '../../format/shell-command.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import type { Cause, Evidence, NextStep, Verdict } from '../../pod/verdict.ts';
import type { PodReport, PodSetReport, WorkloadReport } from '../pod-report.ts';
import { PodPseudonyms } from './pod-pseudonyms.ts';
import type { Digest } from './pseudonyms.ts';
import { redactError, redactRequest } from './report.ts';
import { redactTrace } from './spans.ts';

/**
 * The same report on pods, safe to share: the names of pods, namespaces, nodes, containers, images and of what they wait
 * for are replaced by pseudonyms, and so are the lines of logs. States, reasons, times and UIDs stay.
 */
export function redactPods(report: PodReport, digest: Digest): PodReport {
  const pseudonyms = new PodPseudonyms(digest);
  pseudonyms.learn(report);
  // Twice: sentences may come before what shows which of their words are names.
  redactOnce(report, pseudonyms);
  pseudonyms.learn(report);
  return redactOnce(report, pseudonyms);
}

function redactOnce(report: PodReport, pseudonyms: PodPseudonyms): PodReport {
  const { document: _, cluster, command, backend, subject, owner, set, workload, verdict, error, ...rest } = report;
  const name = (text: string): string => pseudonyms.name(text);
  const named = (text: string | null): string | null => (text === null ? null : name(text));
  const url = (text: string | null): string | null => (text === null ? null : pseudonyms.url(text));
  return {
    ...rest,
    cluster: { ...cluster, context: named(cluster.context), server: url(cluster.server) },
    command: { ...command, args: command.args.map((word) => pseudonyms.argument(word)) },
    requests: report.requests.map((request) => redactRequest(request, pseudonyms)),
    subject: { kind: subject.kind, namespace: named(subject.namespace), name: name(subject.name) },
    lifecycles: report.lifecycles.map((lifecycle) => redactLifecycle(lifecycle, pseudonyms)),
    verdict: verdict === null ? null : redactVerdict(verdict, pseudonyms),
    workload: workload === null ? null : redactWorkload(workload, pseudonyms),
    set: set === null ? null : redactSet(set, pseudonyms),
    owner:
      owner === undefined
        ? undefined
        : { ...owner, name: name(owner.name), owner: owner.owner && { ...owner.owner, name: name(owner.owner.name) } },
    backend:
      backend === null ? null : { ...backend, url: pseudonyms.url(backend.url), traceURL: url(backend.traceURL) },
    gaps: report.gaps.map(({ what, why }) => ({ what: pseudonyms.text(what), why: pseudonyms.text(why) })),
    error: error === null ? null : redactError(error, pseudonyms),
  };
}

function redactLifecycle(lifecycle: PodLifecycle, pseudonyms: PodPseudonyms): PodLifecycle {
  const { namespace, name, node, containers, verdict, trace } = lifecycle;
  return {
    ...lifecycle,
    namespace: pseudonyms.name(namespace),
    name: pseudonyms.name(name),
    node: node === null ? null : pseudonyms.name(node),
    containers: containers.map((container) => ({
      name: pseudonyms.name(container.name),
      image: pseudonyms.name(container.image),
    })),
    verdict: redactVerdict(verdict, pseudonyms),
    trace: redactTrace(trace, pseudonyms),
  };
}

function redactVerdict(verdict: Verdict, pseudonyms: PodPseudonyms): Verdict {
  const { cause, notes } = verdict;
  return {
    ...verdict,
    cause: cause === null ? null : redactCause(cause, pseudonyms),
    notes: notes.map(({ text, next }) => ({
      text: pseudonyms.text(text),
      ...(next !== undefined && { next: redactStep(next, pseudonyms) }),
    })),
  };
}

function redactCause(cause: Cause, pseudonyms: PodPseudonyms): Cause {
  const { waitingFor, message, who, evidence, next, log, queries: _, ...rest } = cause;
  return {
    ...rest,
    message: pseudonyms.text(message),
    waitingFor: { kind: waitingFor.kind, name: pseudonyms.text(waitingFor.name) },
    who: pseudonyms.text(who),
    evidence: evidence.map((item) => redactEvidence(item, pseudonyms)),
    next: next.map((step) => redactStep(step, pseudonyms)),
    ...(log !== undefined && { log: { ...log, container: pseudonyms.name(log.container) } }),
  };
}

/** Nothing is known of the lines that a program writes. */
const redactEvidence = (evidence: Evidence, pseudonyms: PodPseudonyms): Evidence => ({
  ...evidence,
  text: evidence.kind === 'log' ? pseudonyms.secret(evidence.text) : pseudonyms.text(evidence.text),
});

const redactStep = ({ command, when }: NextStep, pseudonyms: PodPseudonyms): NextStep => ({
  command: readCommand(pseudonyms.command(command)),
  when: pseudonyms.text(when),
});

const redactWorkload = (workload: WorkloadReport, pseudonyms: PodPseudonyms): WorkloadReport => ({
  ...workload,
  namespace: pseudonyms.name(workload.namespace),
  name: pseudonyms.name(workload.name),
  message: pseudonyms.text(workload.message),
  remarks: workload.remarks.map((remark) => pseudonyms.text(remark)),
  revision: workload.revision === null ? null : pseudonyms.text(workload.revision),
});

function redactSet(set: PodSetReport, pseudonyms: PodPseudonyms): PodSetReport {
  const selector = (text: string | null): string | null => (text === null ? null : pseudonyms.selector(text));
  return {
    ...set,
    labelSelector: selector(set.labelSelector),
    fieldSelector: selector(set.fieldSelector),
    names: set.names.map((name) => pseudonyms.name(name)),
    service: set.service === null ? null : { ...set.service, selector: selector(set.service.selector) },
  };
}
