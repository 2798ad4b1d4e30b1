import { isBuiltIn } from '../../analysis/completeness/known-shapes.ts';
import { withDeadline } from '../../deadline.ts';
import { definitionRequest, isUnconverted, type CustomType } from '../../kube/api/definition.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import type { RequestReport } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { sendUntraced } from '../untraced.ts';

/** Custom resources of whose requests every call can be counted, by `resource.group`. */
export type UnconvertedTypes = ReadonlySet<string>;

/** The queries must not delay the report of a trace. */
const TIMEOUT_MILLIS = 3000;

/** A command has few types; `get all` of a category may have many, whose traces may settle. */
const MAX_TYPES = 8;

const keyOf = ({ resource, group }: CustomType): string => `${resource}.${group}`;

/**
 * Reads the definitions of the custom resources that were requested, after the user's requests and separately from them.
 * Undefined where there were none. Resolves with null where the time was not enough. Never rejects. `done` is when the
 * look-up is over.
 */
export function readDefinitions(
  { cluster, requests }: { readonly cluster: Cluster; readonly requests: readonly RequestReport[] },
  done: AbortSignal,
  runtime: Runtime,
): Promise<UnconvertedTypes | null> | undefined {
  const types = new Map(requests.flatMap(customTypesOf).map((type) => [keyOf(type), type]));
  if (types.size === 0) return undefined;
  return withDeadline(runtime.clock, TIMEOUT_MILLIS, done, async (signal) => {
    const send = sendUntraced(cluster, runtime, signal);
    const unconverted = new Set<string>();
    for (const [key, type] of [...types].slice(0, MAX_TYPES))
      if (isUnconverted(await send(definitionRequest(type)))) unconverted.add(key);
    return unconverted;
  });
}

function customTypesOf({ purpose, group, resource }: RequestReport): readonly CustomType[] {
  return purpose === 'request' && group !== null && resource !== null && !isBuiltIn(group) ? [{ group, resource }] : [];
}

/** Whether the definition of the requested type is known, and names no webhook that converts it. */
export const isKnownType = (request: RequestReport, types: UnconvertedTypes | null): boolean =>
  types !== null && customTypesOf(request).some((type) => types.has(keyOf(type)));
