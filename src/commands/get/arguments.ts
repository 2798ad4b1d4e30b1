import { UsageError } from '../../errors.ts';
import type { Nanos } from '../../trace/time.ts';
import type { CommonArguments, OwnArguments } from '../../cli/arguments.ts';
import { parseRepetition, type Repetition } from '../../cli/options/repeat.ts';
import { parseObjects, type NamedObject } from '../../cli/objects.ts';
import type { FlagValues } from '../../cli/values.ts';
import { programName } from '../../format/program-name.ts';

/** Target of `get`: a path as it is, lists of types or categories, or objects by name. */
export type GetTarget =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'lists'; readonly types: readonly string[] }
  | { readonly kind: 'objects'; readonly names: readonly NamedObject[] };

/** When a watch is over: after whichever comes first. */
export interface WatchEnd {
  readonly events?: number;
  readonly duration?: Nanos;
}

export interface GetInvocation extends CommonArguments {
  readonly kind: 'get';
  readonly target: GetTarget;
  readonly allNamespaces: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly subresource?: string;
  /** Maximum number of objects in one response to a list; 0: all. */
  readonly chunkSize: number;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  readonly ignoreNotFound: boolean;
  readonly watch?: WatchEnd;
  /** `--repeat`: for one request alone. */
  readonly repetition?: Repetition;
}

/** `get`'s own arguments. Throws a UsageError. */
export function parseGet(
  positionals: readonly string[],
  values: FlagValues,
): Omit<OwnArguments<GetInvocation>, 'kind'> {
  const chunkSize = values.integer('chunk-size') ?? 0;
  if (chunkSize < 0) throw new UsageError('InvalidValue', '--chunk-size must be zero or more');
  const labelSelector = values.string('selector')?.trim();
  const fieldSelector = values.string('field-selector')?.trim();
  const allNamespaces = values.boolean('all-namespaces') ?? false;
  const subresource = values.string('subresource');
  const resourceVersion = values.string('resource-version');
  const resourceVersionMatch = values.optionalChoice<'Exact' | 'NotOlderThan'>('resource-version-match');
  const target = targetOf(positionals, values);
  const watch = watchEnd(target, values);
  if (subresource && target.kind === 'lists') {
    throw new UsageError('InvalidArguments', 'subresource cannot be used when bulk resources are specified');
  }
  if (resourceVersionMatch !== undefined && (target.kind !== 'lists' || !resourceVersion)) {
    throw new UsageError('InvalidArguments', '--resource-version-match is for lists, together with --resource-version');
  }
  const repetition = parseRepetition(values, requestCount(target));
  if (repetition !== undefined && watch !== undefined) {
    throw new UsageError('InvalidArguments', 'a watch cannot be repeated');
  }
  return {
    target,
    allNamespaces,
    chunkSize,
    ignoreNotFound: values.boolean('ignore-not-found') ?? false,
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
    ...(subresource && { subresource }),
    ...(resourceVersion && { resourceVersion }),
    ...(resourceVersionMatch !== undefined && { resourceVersionMatch }),
    ...(watch !== undefined && { watch }),
    ...(repetition !== undefined && { repetition }),
  };
}

/** Flags that filter or change a request, and so apply to a type and not to a path. */
const FILTERS = [
  'all-namespaces',
  'selector',
  'field-selector',
  'watch',
  'subresource',
  'resource-version',
  'resource-version-match',
  'chunk-size',
];

function targetOf(positionals: readonly string[], values: FlagValues): GetTarget {
  const raw = values.string('raw');
  if (raw !== undefined && raw !== '') {
    checkRaw(raw, positionals, values);
    return { kind: 'path', path: raw };
  }
  const { types, names, combined } = parseObjects(positionals, 'get');
  if (names.length === 0) return { kind: 'lists', types };
  if (values.string('selector')?.trim() || values.string('field-selector')?.trim()) {
    throw new UsageError(
      'NameAndSelector',
      combined
        ? 'selectors and the all flag cannot be used when passing resource/name arguments'
        : 'name cannot be provided when a selector is specified',
    );
  }
  return { kind: 'objects', names };
}

function checkRaw(raw: string, positionals: readonly string[], values: FlagValues): void {
  if (positionals.length > 0) {
    throw new UsageError('InvalidArguments', 'arguments may not be passed when --raw is specified');
  }
  if (FILTERS.some((name) => values.isGiven(name))) {
    throw new UsageError('InvalidArguments', '--raw may not be specified with flags that filter the request', {
      hint: 'write them into the path: --raw "/api/v1/pods?labelSelector=app%3Dweb"',
    });
  }
  if (!raw.startsWith('/')) {
    throw new UsageError('InvalidArguments', `--raw must be a path that begins with "/": "${raw}"`);
  }
}

const requestCount = (target: GetTarget): number =>
  target.kind === 'lists' ? target.types.length : target.kind === 'objects' ? target.names.length : 1;

/** A watch needs an end: only then is there a trace of it. */
function watchEnd(target: GetTarget, values: FlagValues): WatchEnd | undefined {
  const events = values.count('for-events');
  const duration = values.optionalDuration('for');
  if (values.boolean('watch') !== true) {
    if (events === undefined && duration === undefined) return undefined;
    throw new UsageError('InvalidArguments', '--for-events and --for are the ends of a watch: give -w as well');
  }
  if (events === undefined && duration === undefined) {
    throw new UsageError('WatchWithoutEnd', 'a watch needs an end here: its trace exists only when it is over', {
      hint: `--for-events 3 ends it after three changes, --for 10s after that time; to watch on: ${programName()} run -- kubectl get -w …`,
    });
  }
  if (events === 0 || duration === 0) throw new UsageError('InvalidValue', 'a watch of nothing cannot be traced');
  if (requestCount(target) > 1) {
    throw new UsageError('InvalidArguments', 'you may only watch a single resource or type of resource at a time');
  }
  return { ...(events !== undefined && { events }), ...(duration !== undefined && { duration }) };
}
