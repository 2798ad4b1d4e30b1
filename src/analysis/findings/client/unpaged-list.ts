import { shell } from '../../../format/shell-command.ts';
import { textAttribute } from '../../attributes.ts';
import { formatBytes } from '../../wording/bytes.ts';
import { nanos } from '../../../trace/time.ts';
import { answersOf, requestURI, withParameter, type Answer } from './response.ts';
import { conclude } from '../conclude.ts';
import type { Evidence } from '../trace-index.ts';
import type { Finder, Finding } from '../finding.ts';
import { LIMITS } from '../thresholds.ts';
import { shellPath } from '../shell.ts';

/** A list of many objects in one answer: all of it is held in memory, encoded and sent before anything else is done. */
export const unpagedList: Finder = (evidence) =>
  answersOf(evidence).flatMap((answer) => (answer.unpaged ? unpaged(evidence, answer) : []));

function unpaged(evidence: Evidence, { span, list, bytes, objects }: Answer): readonly Finding[] {
  if (list === undefined) return [];
  const resource = textAttribute(list.span.attributes, 'resource') ?? 'objects';
  const size = bytes === null ? '' : `, ${formatBytes(bytes)} before compression`;
  const apart = span.parent === list ? nanos(0) : evidence.criticalTime(span);
  const paged = shellPath(withParameter(requestURI(evidence, list), 'limit', String(LIMITS.unpagedObjects)));
  return conclude(evidence, {
    id: 'unpaged-list',
    parts: [
      { span: list, nanos: evidence.criticalTime(list) },
      { span, nanos: apart },
    ],
    was: `one unpaged list of ${objects} ${resource}`,
    detail: [`The request has no limit, so that all ${objects} came in one answer${size}.`],
    hint: `Ask for pages (limit=${LIMITS.unpagedObjects}, as kubectl get does), or for less: a namespace, a selector.`,
    command: paged === undefined ? null : shell`kubectl trace get --raw ${paged}`,
  });
}
