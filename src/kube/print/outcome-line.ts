import type { Exchange } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { kindName } from './kind-name.ts';
import type { Target } from '../api/write-request.ts';

const SERVER_DRY_RUN = ' (server dry run)';

/** kubectl's line about the object in a response: `deployment.apps/web created` (cli-runtime's NamePrinter). */
export const objectLine =
  (operation: string, dryRun: boolean) =>
  ({ body }: Exchange): string => {
    const document = parseJSON(body);
    const object = isObject(document) ? document : {};
    const metadata = isObject(object['metadata']) ? object['metadata'] : {};
    const text = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '<unknown>');
    const apiVersion = text(object['apiVersion']);
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    return `${kindName(text(object['kind']), group)}/${text(metadata['name'])} ${operation}${dryRun ? SERVER_DRY_RUN : ''}`;
  };

/** kubectl's line about an object that is deleted (kubectl pkg/cmd/delete/delete.go, PrintObj). */
export function deletedLine(
  { type, name, namespace }: Target,
  { dryRun, forced }: { readonly dryRun: boolean; readonly forced: boolean },
): string {
  const from = namespace === null ? '' : ` from ${namespace} namespace`;
  const operation = forced ? 'force deleted' : 'deleted';
  return `${kindName(type.kind, type.group)} "${name}" ${operation}${from}${dryRun ? SERVER_DRY_RUN : ''}`;
}
