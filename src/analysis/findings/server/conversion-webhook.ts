import { counted } from '../../../format/counted.ts';
import { shell, type ShellCommand } from '../../../format/shell-command.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { numberAttribute, textAttribute } from '../../attributes.ts';
import { CONVERSION, customResourceOf } from '../../kubernetes/conversion-time.ts';
import { conclude } from '../conclude.ts';
import type { Evidence } from '../trace-index.ts';
import type { Finder, Finding } from '../finding.ts';
import { shellName } from '../shell.ts';
import { showsNothing } from './webhook-call.ts';

/**
 * Objects that are stored in another version than the one that was asked for. Up to 1.37 the webhook's call is in a
 * trace of its own, so that a request's has only the time of it.
 */
export const slowConversionWebhook: Finder = (evidence) => [...reported(evidence), ...inferred(evidence)];

/** By a call's own span (apiextensions-apiserver, conversion). */
function reported(evidence: Evidence): readonly Finding[] {
  const calls = evidence.named('apiserver', 'Call conversion webhook');
  const [first] = calls;
  if (first === undefined) return [];
  const { attributes } = first.span;
  const definition = textAttribute(attributes, 'custom-resource-definition');
  const version = textAttribute(attributes, 'desired-api-version');
  const objects = calls.reduce((sum, { span }) => sum + (numberAttribute(span.attributes, 'object-count') ?? 0), 0);
  const times = calls.length === 1 ? 'one call' : counted(calls.length, 'call');
  return conclude(evidence, {
    id: 'slow-conversion-webhook',
    parts: calls.map((span) => ({ span, nanos: evidence.criticalTime(span) })),
    was: `the conversion webhook${definition === undefined ? '' : ` of ${definition}`}`,
    detail: [
      `${times} for ${counted(objects, 'object')}${version === undefined ? '' : ` to ${version}`};`,
      calls.every(showsNothing)
        ? 'it exports no spans, so what it did is not visible.'
        : 'its own spans are in the tree.',
    ],
    hint: HINT,
    command: commandFor(definition),
  });
}

function inferred(evidence: Evidence): readonly Finding[] {
  const gaps = evidence.onPath().filter(({ source, span }) => source === 'gap' && span.name === CONVERSION);
  const byResource = Map.groupBy(gaps, ({ parent }) => customResourceOf(parent as PlacedSpan));
  return [...byResource].flatMap(([definition, own]) =>
    conclude(evidence, {
      id: 'slow-conversion-webhook',
      parts: own.map((span) => ({ span, nanos: evidence.criticalTime(span) })),
      was: `the conversion of ${definition} between versions (inferred)`,
      detail: [
        "The API server's call of a conversion webhook is not in the request's trace: this is the time it leaves.",
      ],
      hint: HINT,
      command: commandFor(definition),
    }),
  );
}

const HINT = 'Ask for the version that is stored, or store the objects anew in the version that is asked for.';

function commandFor(definition: string | undefined): ShellCommand | null {
  const name = shellName(definition);
  return name === undefined ? null : shell`kubectl get crd ${name} -o yaml`;
}
