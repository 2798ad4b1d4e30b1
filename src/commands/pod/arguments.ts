import { UsageError } from '../../errors.ts';
import type { CommonArguments } from '../../cli/arguments.ts';
import { followFlags, refuseForPods, type FollowFlags } from '../../cli/options/follow.ts';
import type { FlagValues } from '../../cli/values.ts';

export interface PodInvocation extends CommonArguments {
  readonly kind: 'pod';
  /** As typed: `pods`, `deploy`, `statefulsets.apps`. */
  readonly resource: string;
  readonly name: string;
  readonly follow: FollowFlags;
}

/** `pod`'s own arguments: `NAME`, or `TYPE/NAME` of what makes pods. */
export function parsePod(
  positionals: readonly string[],
  values: FlagValues,
): Pick<PodInvocation, 'resource' | 'name' | 'follow'> {
  const [what, more] = positionals;
  if (what === undefined || what === '') {
    throw new UsageError('PodRequired', 'You must name a pod or a workload', {
      hint: 'for example: kubectl trace pod web, or: kubectl trace pod deployment/web',
    });
  }
  if (more !== undefined) throw tooMany(what, more);
  const [type = '', name, ...rest] = what.includes('/') ? what.split('/') : ['pods', what];
  if (name === undefined || name === '' || type === '' || rest.length > 0) {
    throw new UsageError('InvalidArguments', `"${what}" is neither NAME nor TYPE/NAME`, {
      hint: 'for example: kubectl trace pod web, or: kubectl trace pod deployment/web',
    });
  }
  refuseForPods(values, 'pod');
  return { resource: type, name, follow: followFlags(values) };
}

/** Types that are often written apart from the name, as kubectl allows it: a suggestion needs no discovery. */
const TYPED =
  /^(po|pods?|deploy|deployments?|rs|replicasets?|sts|statefulsets?|ds|daemonsets?|jobs?|cj|cronjobs?|rc|replicationcontrollers?)(\.[a-z0-9.]+)?$/i;

/** `deployment web` was meant as `deployment/web`; anything else was more than one. */
function tooMany(first: string, second: string): UsageError {
  const isTyped = TYPED.test(first) && /^[a-z0-9][a-z0-9.-]*$/.test(second);
  return new UsageError('TooManyArguments', `unexpected argument "${second}"`, {
    hint: isTyped
      ? `type and name are one word: kubectl trace pod ${first}/${second}`
      : 'one at a time: kubectl trace pod NAME, or: kubectl trace pod TYPE/NAME',
  });
}
