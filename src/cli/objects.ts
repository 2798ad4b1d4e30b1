import { UsageError } from '../errors.ts';
import { programName } from '../format/program-name.ts';

/** An object by the name of its type, as typed: `po`, `deployments.v1.apps`. */
export interface NamedObject {
  readonly type: string;
  readonly name: string;
}

/** Objects of a command: types, or objects of them. One of the two lists is empty. */
export interface Objects {
  /** As typed: `pods`, `deploy`, `all`. */
  readonly types: readonly string[];
  readonly names: readonly NamedObject[];
  /** The names were written as TYPE/NAME. */
  readonly combined: boolean;
}

/**
 * `TYPE[,TYPE …]`, `TYPE[,TYPE …] NAME …` or `TYPE/NAME …`, as kubectl's builder takes them (cli-runtime
 * pkg/resource/builder.go, ResourceTypeOrNameArgs). Throws a UsageError.
 */
export function parseObjects(positionals: readonly string[], verb: string): Objects {
  const words = withEachType(positionals);
  const [first, ...rest] = words;
  if (first === undefined || first === '') {
    throw new UsageError('ResourceRequired', `You must specify the type of resource to ${verb}`, {
      hint: `for example: ${programName()} ${verb} ${verb === 'get' ? 'pods' : 'pods web'}; kubectl api-resources lists the types`,
    });
  }
  const combined = words.filter((text) => text.includes('/')).length;
  if (combined > 0) {
    if (combined < words.length) throw mixedForms(verb);
    return { types: [], names: words.map((text) => combinedName(text)), combined: true };
  }
  const types = [...new Set(first.split(','))];
  if (types.includes('')) throw new UsageError('InvalidArguments', `a type is missing in ${JSON.stringify(first)}`);
  if (rest.length === 0) return { types, names: [], combined: false };
  if (rest.includes('')) throw new UsageError('InvalidArguments', 'a name cannot be empty');
  return { types: [], names: rest.map((name) => ({ type: first, name })), combined: false };
}

/** `a,b c d` is `a/c a/d b/c b/d`, whatever a, b, c and d are (normalizeMultipleResourcesArgs). */
function withEachType(positionals: readonly string[]): readonly string[] {
  const [first = '', ...names] = positionals;
  const types = [...new Set(first.split(','))];
  if (names.length === 0 || types.length < 2) return positionals;
  return types.flatMap((type) => names.map((name) => `${type}/${name}`));
}

function combinedName(text: string): NamedObject {
  const [type = '', name = '', ...rest] = text.split('/');
  const fault =
    rest.length > 0
      ? 'may not have more than one slash'
      : type === '' || name === '' || type.includes(',')
        ? 'must have a single resource and name'
        : undefined;
  if (fault === undefined) return { type, name };
  throw new UsageError('InvalidArguments', `arguments in resource/name form ${fault}`, {
    hint: `${JSON.stringify(text)} is not of the form pods/web`,
  });
}

function mixedForms(verb: string): UsageError {
  const command = `${programName()} ${verb}`;
  return new UsageError(
    'InvalidArguments',
    `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. '${command} resource/<resource_name>' instead of '${command} resource resource/<resource_name>'`,
  );
}
