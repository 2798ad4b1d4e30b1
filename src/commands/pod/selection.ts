import type { FlagValues } from '../../cli/values.ts';
import { UsageError } from '../../errors.ts';
import { shell } from '../../format/shell-command.ts';
import { checkName } from '../../kube/api/request.ts';
import { programName, programPart } from '../../format/program-name.ts';

/** Several pods at once: those of a namespace or of all namespaces, some by name, or those of a Service. */
export type PodSelection =
  | {
      readonly kind: 'all';
      readonly allNamespaces: boolean;
      readonly labelSelector: string | null;
      readonly fieldSelector: string | null;
    }
  | { readonly kind: 'named'; readonly names: readonly string[] }
  | { readonly kind: 'service'; readonly name: string };

/** Names of the type Pod, as kubectl accepts them. */
export const POD_TYPES: ReadonlySet<string> = new Set(['pods', 'pod', 'po']);
const SERVICE_TYPES: ReadonlySet<string> = new Set(['services', 'service', 'svc']);

/** Pods or an object that has pods, as it was typed. */
export interface TypedTarget {
  readonly resource: string;
  readonly name: string;
}

/** `NAME` or `TYPE/NAME`. Throws a UsageError. */
export function targetOf(argument: string): TypedTarget {
  const [resource = '', name, ...rest] = argument.includes('/') ? argument.split('/') : ['pods', argument];
  if (name === undefined || name === '' || resource === '' || rest.length > 0) {
    throw new UsageError('InvalidArguments', `"${argument}" is neither NAME nor TYPE/NAME`, {
      hint: `for example: ${programName()} pod web, or: ${programName()} pod deployment/web`,
    });
  }
  return { resource, name };
}

/** Undefined for one pod or workload. Throws a UsageError for flags that contradict the names. */
export function selectionOf(targets: readonly TypedTarget[], values: FlagValues): PodSelection | undefined {
  const allNamespaces = values.boolean('all-namespaces') ?? false;
  const labelSelector = values.string('selector')?.trim() || null;
  const fieldSelector = values.string('field-selector')?.trim() || null;
  const [first, ...others] = targets;
  if (first === undefined) return { kind: 'all', allNamespaces, labelSelector, fieldSelector };
  if (labelSelector !== null || fieldSelector !== null) {
    throw new UsageError('NameAndSelector', 'name cannot be provided when a selector is specified');
  }
  if (allNamespaces) {
    throw new UsageError('NameAcrossNamespaces', 'a resource cannot be retrieved by name across all namespaces', {
      hint: 'leave out --all-namespaces, and give the namespace with -n',
    });
  }
  if (others.length === 0) {
    const isService = SERVICE_TYPES.has(first.resource.toLowerCase());
    return isService ? { kind: 'service', name: first.name } : undefined;
  }
  const other = targets.find(({ resource }) => !POD_TYPES.has(resource.toLowerCase()));
  if (other !== undefined) {
    throw new UsageError('TooManyArguments', `${other.resource}/${other.name} cannot be shown together with others`, {
      hint: `only pods can be named together; alone: ${shell`${programPart()} pod ${`${other.resource}/${other.name}`}`}`,
    });
  }
  const names = [...new Set(targets.map(({ name }) => name))];
  for (const name of names) checkName('resource name', name);
  // The same name twice is one pod.
  return names.length === 1 ? undefined : { kind: 'named', names };
}
