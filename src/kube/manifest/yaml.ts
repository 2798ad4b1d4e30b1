import { parseEvents } from 'js-yaml';
import { construct } from './yaml-nodes.ts';

/**
 * The documents of a text as kubectl understands them: go.yaml.in/yaml/v2, and what sigs.k8s.io/yaml makes JSON of. Keys
 * become strings (`on:` is "true"), and the last of two equal keys counts. Throws a YAMLException.
 */
export function parseYAML(text: string): unknown[] {
  return construct(parseEvents(text, {}), text);
}
