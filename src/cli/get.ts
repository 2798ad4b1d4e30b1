import { UsageError } from '../errors.ts';
import type { GetInvocation } from './invocation.ts';
import type { FlagValues } from './values.ts';

type GetArguments = Pick<
  GetInvocation,
  'resource' | 'names' | 'allNamespaces' | 'labelSelector' | 'fieldSelector' | 'raw'
>;

/** `get`'s own arguments: `TYPE`, `TYPE NAME …`, `TYPE/NAME …` or `--raw PATH`. */
export function parseGet(positionals: readonly string[], values: FlagValues): GetArguments {
  const raw = values.string('raw');
  const labelSelector = values.string('selector');
  const fieldSelector = values.string('field-selector');
  const allNamespaces = values.boolean('all-namespaces') ?? false;
  if (raw !== undefined) {
    checkRaw(raw, positionals, allNamespaces || labelSelector !== undefined || fieldSelector !== undefined);
    return { resource: '', names: [], allNamespaces: false, raw };
  }
  const { resource, names } = parseObjects(positionals, 'get');
  if (names.length > 0 && allNamespaces) {
    throw new UsageError('InvalidArguments', 'a resource cannot be retrieved by name across all namespaces');
  }
  if (names.length > 0 && (labelSelector ?? fieldSelector) !== undefined) {
    throw new UsageError('InvalidArguments', 'name cannot be provided when a selector is specified');
  }
  return {
    resource,
    names,
    allNamespaces,
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
}

function checkRaw(raw: string, positionals: readonly string[], hasFilters: boolean): void {
  if (positionals.length > 0) {
    throw new UsageError('InvalidArguments', 'arguments may not be passed when --raw is specified');
  }
  if (hasFilters) {
    throw new UsageError('InvalidArguments', '--raw may not be specified with flags that filter the request', {
      hint: 'write them into the path: --raw "/api/v1/pods?labelSelector=app%3Dweb"',
    });
  }
  if (!raw.startsWith('/')) {
    throw new UsageError('InvalidArguments', `--raw must be a path that begins with "/": "${raw}"`);
  }
}

interface Objects {
  readonly resource: string;
  readonly names: readonly string[];
}

/** `TYPE`, `TYPE NAME …` or `TYPE/NAME …`, as every command takes them. */
export function parseObjects(positionals: readonly string[], verb: string): Objects {
  const [first] = positionals;
  if (first === undefined || first === '') {
    throw new UsageError('ResourceRequired', `You must specify the type of resource to ${verb}`, {
      hint: `for example: kubectl trace ${verb} ${verb === 'get' ? 'pods' : 'pods web'}; kubectl api-resources lists the types`,
    });
  }
  const typed = positionals.some((text) => text.includes('/'));
  const { resource, names } = typed ? typedNames(positionals, verb) : { resource: first, names: positionals.slice(1) };
  if (resource.includes(',')) {
    throw new UsageError('TooManyTypes', 'more than one type of resource is more than one request', {
      hint: `trace them one by one: kubectl trace ${verb} ${resource.split(',')[0]}`,
    });
  }
  if (names.includes('')) throw new UsageError('InvalidArguments', 'a name cannot be empty');
  return { resource, names };
}

/** `pods/a pods/b`: as in kubectl, then every argument must have that form. */
function typedNames(positionals: readonly string[], verb: string): Objects {
  const names: string[] = [];
  let resource: string | undefined;
  for (const text of positionals) {
    const [type = '', name, ...rest] = text.split('/');
    if (name === undefined || rest.length > 0 || type === '') {
      throw new UsageError(
        'InvalidArguments',
        `arguments in resource/name form must have a single type and name: "${text}"`,
        {
          hint: `for example: kubectl trace ${verb} pods/web, or: kubectl trace ${verb} pods web`,
        },
      );
    }
    if (resource !== undefined && type !== resource) {
      throw new UsageError('TooManyTypes', `more than one type of resource: "${resource}" and "${type}"`, {
        hint: 'trace them one by one',
      });
    }
    resource = type;
    names.push(name);
  }
  return { resource: resource!, names };
}
