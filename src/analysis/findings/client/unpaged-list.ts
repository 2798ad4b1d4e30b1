import { shell } from '../../../format/shell-command.ts';
import { nanos } from '../../../trace/time.ts';
import { textAttribute } from '../../attributes.ts';
import { formatBytes } from '../../wording/bytes.ts';
import { defineTimeFinding } from '../define-finding.ts';
import { shellPath } from '../shell.ts';
import { atLeast, LIMITS } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { requestURI, responsesOf, withParameter } from './response.ts';
import { programPart } from '../../../format/program-name.ts';

/** A list of many objects in one response: the API server holds, encodes and sends all of it at once. */
export const unpagedList = defineTimeFinding({
  id: 'unpaged-list',
  threshold: atLeast(50, 25),
  title: ({ objects, resource }) => `one unpaged list of ${objects} ${resource}`,
  detail: ({ objects, bytes }) => {
    const size = bytes === null ? '' : `, ${formatBytes(bytes)} before compression`;
    return `The request has no limit, so all ${objects} came in one response${size}.`;
  },
  hint: `Request pages (limit=${LIMITS.unpagedObjects}, as kubectl get does), or list less: a namespace, a selector.`,
  command: ({ pagedPath }) => (pagedPath === undefined ? null : shell`${programPart()} get --raw ${pagedPath}`),
  find,
});

function find(index: TraceIndex) {
  return responsesOf(index).flatMap(({ span, list, bytes, objects, unpaged }) => {
    if (!unpaged || list === undefined) return [];
    const sending = span.parent === list ? nanos(0) : index.criticalTime(span);
    return [
      {
        objects,
        bytes,
        resource: textAttribute(list.span.attributes, 'resource') ?? 'objects',
        pagedPath: shellPath(withParameter(requestURI(index, list), 'limit', String(LIMITS.unpagedObjects))),
        parts: [
          { span: list, nanos: index.criticalTime(list) },
          { span, nanos: sending },
        ],
      },
    ];
  });
}
