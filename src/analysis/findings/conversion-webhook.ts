import { numberAttribute, textAttribute } from '../attributes.ts';
import { conclude } from './conclude.ts';
import type { Finder } from './finding.ts';
import { shellName } from './shell.ts';
import { showsNothing } from './webhook-call.ts';

/** Objects that are stored in another version than the one that was asked for (apiextensions-apiserver, conversion). */
export const slowConversionWebhook: Finder = (evidence) => {
  const calls = evidence.named('apiserver', 'Call conversion webhook');
  const [first] = calls;
  if (first === undefined) return [];
  const { attributes } = first.span;
  const definition = textAttribute(attributes, 'custom-resource-definition');
  const version = textAttribute(attributes, 'desired-api-version');
  const objects = calls.reduce((sum, { span }) => sum + (numberAttribute(span.attributes, 'object-count') ?? 0), 0);
  const name = shellName(definition);
  const times = calls.length === 1 ? 'one call' : `${calls.length} calls`;
  return conclude(evidence, {
    id: 'slow-conversion-webhook',
    parts: calls.map((span) => ({ span, nanos: evidence.criticalTime(span) })),
    was: `the conversion webhook${definition === undefined ? '' : ` of ${definition}`}`,
    detail: [
      `${times} for ${objects} ${objects === 1 ? 'object' : 'objects'}${version === undefined ? '' : ` to ${version}`};`,
      calls.every(showsNothing)
        ? 'it exports no spans, so what it did is not visible.'
        : 'its own spans are in the tree.',
    ],
    hint: 'Ask for the version that is stored, or store the objects anew in the version that is asked for.',
    command: name === undefined ? null : `kubectl get crd ${name} -o yaml`,
  });
};
