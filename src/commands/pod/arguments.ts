import { UsageError } from '../../errors.ts';
import type { CommonArguments } from '../../cli/arguments.ts';
import { followFlags, refuseForFollow, type FollowFlags } from '../../cli/options/follow.ts';
import type { FlagValues } from '../../cli/values.ts';
import { selectionOf, targetOf, type PodSelection, type TypedTarget } from './selection.ts';
import { programName } from '../../format/program-name.ts';

export interface PodInvocation extends CommonArguments, TypedTarget {
  readonly kind: 'pod';
  /** Several pods; undefined for one pod or workload. Then `resource` and `name` are what the document calls them. */
  readonly selection: PodSelection | undefined;
  readonly follow: FollowFlags;
}

/** `pod`'s own arguments: pods by their names, `TYPE/NAME` of what has pods, or none for the pods of the namespace. */
export function parsePod(
  positionals: readonly string[],
  values: FlagValues,
): Pick<PodInvocation, 'resource' | 'name' | 'selection' | 'follow'> {
  const [first = '', second = ''] = positionals;
  if (positionals.length > 1 && TYPED.test(first) && NAME.test(second)) {
    throw new UsageError('TooManyArguments', `unexpected argument "${second}"`, {
      hint: `type and name are one word: ${programName()} pod ${first}/${second}`,
    });
  }
  const targets = positionals.map(targetOf);
  const selection = selectionOf(targets, values);
  const given = followFlags(values);
  const follow = { ...given, follow: given.follow || values.boolean('watch') === true };
  if (follow.follow) refuseForFollow(values);
  if (follow.follow && selection !== undefined) {
    throw new UsageError('InvalidArguments', '--follow needs the name of one pod or workload', {
      hint: `for example: ${programName()} pod web --follow, or: ${programName()} pod deployment/web --follow`,
    });
  }
  const [target = ALL] = targets;
  return { ...(selection?.kind === 'named' ? ALL : target), selection, follow };
}

const ALL: TypedTarget = { resource: 'pods', name: '' };

/** Types that are often written apart from the name, as kubectl allows it: a suggestion needs no discovery. */
const TYPED =
  /^(po|pods?|deploy|deployments?|rs|replicasets?|sts|statefulsets?|ds|daemonsets?|jobs?|cj|cronjobs?|rc|replicationcontrollers?|svc|services?)(\.[a-z0-9.]+)?$/i;
const NAME = /^[a-z0-9][a-z0-9.-]*$/;
