import { CORE_SCHEMA, DEFAULT_SCALAR_STYLE_RULES, dump, load, SCALAR_STYLE, type ScalarStyleRule } from 'js-yaml';
import type { JSONObject } from '../../report/json-value.ts';
import { toJSON } from '../../report/json.ts';
import type { Report } from '../../report/report.ts';

/**
 * A text that begins like a number is quoted: readers disagree about which texts are numbers (YAML 1.1 and 1.2 about
 * `0o17`, `1_000` and `12:30`; all readers about the span ID `4e12345678901234`).
 */
const quoteLikeNumbers: ScalarStyleRule = (layout) => {
  const { node, presenterOptions } = layout;
  const isText = node.tag === presenterOptions.schema.defaultScalarTag.tagName;
  if (isText && /^[-+.]?\d[ -~]*$/.test(node.value)) layout.style = SCALAR_STYLE.SINGLE_QUOTED;
};

const RULES = [quoteLikeNumbers, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)];

/** The document of `-o json` as YAML. */
export const writeYAML = (report: Report): string => writeYAMLDocument(toJSON(report));

export function writeYAMLDocument(document: JSONObject): string {
  return dump(document, { lineWidth: -1, noRefs: true, seqNoIndent: true, scalarStyleRules: RULES });
}

/** The one document of a text; undefined when it is not YAML. */
export function parseYAML(text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch {
    return undefined;
  }
}
