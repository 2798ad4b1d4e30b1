import { counted } from '../../format/counted.ts';
import { objectOf, textOf } from '../fields.ts';
import { countOf, updatedOf, type WorkloadObject } from './object.ts';
import { NO_COUNTS, pods, reported, unobserved, type Reported } from './status.ts';

/** The DaemonSet's own count of its templates; each pod has its own count as a label (k8s.io/api apps/v1 types.go). */
const TEMPLATE_ANNOTATION = 'deprecated.daemonset.template.generation';

/** The revision that its pods are to have, as their label `pod-template-generation` has it. */
export const daemonSetRevision = ({ annotations }: WorkloadObject): string | undefined =>
  textOf(annotations[TEMPLATE_ANNOTATION]);

/** `kubectl rollout status` (k8s.io/kubectl pkg/polymorphichelpers/rollout_status.go) has no opinion on OnDelete. */
export function daemonSetStatus(object: WorkloadObject): Reported {
  const wanted = countOf(object, 'desiredNumberScheduled');
  const [ready, available] = [countOf(object, 'numberReady'), countOf(object, 'numberAvailable')];
  const current = countOf(object, 'currentNumberScheduled');
  const updated = updatedOf(object, 'updatedNumberScheduled', current);
  const counts = { ...NO_COUNTS, wanted, current, updated, ready, available };
  const revision = daemonSetRevision(object) ?? null;
  const early = unobserved(object, counts);
  if (early !== undefined) return { ...early, revision };
  const onDelete = (textOf(objectOf(object.spec['updateStrategy'])['type']) ?? 'RollingUpdate') === 'OnDelete';
  const misplaced = countOf(object, 'numberMisscheduled');
  const remarks = [
    ...(onDelete && updated < wanted ? [onDeleteWords(wanted - updated)] : []),
    ...(misplaced > 0 ? [`${pods(misplaced, ' runs', ' run')} on a node that should not have one`] : []),
  ];
  if (!onDelete && updated < wanted) {
    return reported(
      object,
      'progressing',
      `${updated} of ${counted(wanted, 'pod has', 'pods have')} the latest template`,
      counts,
      {
        revision,
        remarks,
      },
    );
  }
  const message = wanted === 0 ? 'no node matches' : `${available} of ${wanted} available`;
  const state = available < wanted ? 'progressing' : 'done';
  return reported(object, state, message, counts, { revision, remarks });
}

/** Meaning of the strategy OnDelete for the existing pods. */
export const onDeleteWords = (count: number): string =>
  `${pods(count, ' has', ' have')} an older template: with the strategy OnDelete a pod is updated when it is deleted`;
