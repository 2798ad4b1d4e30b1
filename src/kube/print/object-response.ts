import { isObject, itemsOf, textOf } from '../json.ts';
import { formatObject } from '../api/object-json.ts';
import { kindName } from './kind-name.ts';
import { writeYAML } from './yaml.ts';

/** The forms in which kubectl prints whole objects. */
export type ObjectForm = 'json' | 'yaml' | 'name';

type Document = Readonly<Record<string, unknown>>;

/** One document after the other: what `create -o json` prints (cli-runtime pkg/printers). */
export function printObjects(documents: readonly Document[], form: ObjectForm): string {
  const texts = documents.map((document) => printObject(document, form));
  return texts.join(form === 'yaml' ? '---\n' : '');
}

function printObject(document: Document, form: ObjectForm): string {
  if (form === 'json') return formatObject(withoutManagedFields(document));
  if (form === 'yaml') return writeYAML(withoutManagedFields(document));
  return itemsOf(document)?.map(nameLine).join('') ?? nameLine(document);
}

/** Several objects as one: what `get -o json` prints of a list. */
export function listOf(documents: readonly Document[], metadata: Document): Document {
  return { apiVersion: 'v1', items: documents, kind: 'List', metadata };
}

/** The list that `apply -o json` prints of several objects, in the order of Go's struct, not of its keys. */
export function printList(documents: readonly Document[], form: 'json' | 'yaml'): string {
  if (form === 'yaml') return printObject(listOf(documents, {}), form);
  const items = formatObject({ items: documents.map((document) => withoutManagedFields(document)) });
  return items.replace('{\n', '{\n    "kind": "List",\n    "apiVersion": "v1",\n    "metadata": {},\n');
}

function nameLine(document: unknown): string {
  const { apiVersion, kind, metadata } = isObject(document) ? document : {};
  const version = textOf(apiVersion);
  const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
  const name = isObject(metadata) ? metadata['name'] : undefined;
  return `${kindName(textOf(kind), group)}/${typeof name === 'string' && name !== '' ? name : '<unknown>'}\n`;
}

/** kubectl leaves them out unless they are requested: they are longer than the rest. */
function withoutManagedFields(document: Document): Document {
  const items = itemsOf(document);
  if (items !== undefined) return { ...document, items: items.map((item) => without(item)) };
  return without(document) as Document;
}

function without(object: unknown): unknown {
  if (!isObject(object) || !isObject(object['metadata'])) return object;
  const { managedFields: _, ...metadata } = object['metadata'];
  return { ...object, metadata };
}
