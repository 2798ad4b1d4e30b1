import { writeJSONDocument } from '../../report/json.ts';
import type { JSONObject } from '../../report/json-value.ts';

type WriteDocument = (document: JSONObject) => string;

/**
 * Writes a document in a data format of `-o`, for commands whose documents have no trace. Undefined for another format.
 * Throws UsageError for a template that cannot be understood.
 */
export async function openDocument(format: string, template = ''): Promise<WriteDocument | undefined> {
  switch (format) {
    case 'json':
      return writeJSONDocument;
    case 'yaml':
      return (await import('./yaml.ts')).writeYAMLDocument;
    case 'jsonpath': {
      const { parseTemplate } = await import('../jsonpath/parse.ts');
      const { evaluate } = await import('../jsonpath/evaluate.ts');
      const parsed = parseTemplate(template);
      return (document) => evaluate(parsed, document);
    }
    default:
      return undefined;
  }
}
