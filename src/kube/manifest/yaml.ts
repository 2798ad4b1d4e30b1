import { parseEvents, YAMLException } from 'js-yaml';
import { construct } from './yaml-nodes.ts';

/**
 * The documents of a text as kubectl understands them: go.yaml.in/yaml/v2, and what sigs.k8s.io/yaml makes JSON of. Keys
 * become strings (`on:` is "true"), and the last of two equal keys counts. Throws a YAMLException.
 */
export function parseYAML(text: string): unknown[] {
  const mostRepairs = Math.max(MIN_REPAIRS, Math.min(MAX_REPAIRS, REPAIRED_CHARACTERS / text.length));
  let source = text;
  for (let repairs = 0; ; repairs++) {
    try {
      return construct(parseEvents(source, {}), source);
    } catch (error) {
      const indented = repairs < mostRepairs ? withIndent(source, error) : undefined;
      if (indented === undefined) throw error;
      source = indented;
    }
  }
}

/** Each costs a reading of the whole text: a large one gets few. */
const MAX_REPAIRS = 200;
const MIN_REPAIRS = 8;
const REPAIRED_CHARACTERS = 4 * 1024 * 1024;
const INDENT = ' '.repeat(200);

/**
 * yaml/v2 lets the lines of a flow collection or a quoted string begin anywhere, `]` in the first column included;
 * js-yaml wants them indented. Spaces at the beginning of such a line have no meaning.
 */
function withIndent(text: string, error: unknown): string | undefined {
  if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation') return undefined;
  const lines = text.split('\n');
  const line = lines[error.mark?.line ?? -1];
  if (error.mark === undefined || line === undefined || line.startsWith(INDENT)) return undefined;
  return lines.with(error.mark.line, INDENT + line).join('\n');
}
