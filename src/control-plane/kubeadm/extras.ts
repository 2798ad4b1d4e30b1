import type { Block } from './line-edits.ts';
import { isSameValue } from './layout.ts';
import type { HostFolder, PodTracing } from './static-pod.ts';

/** An item of extraArgs or extraVolumes. */
export interface Extra {
  readonly name: string;
  /** Its value in the configuration. */
  readonly value: unknown;
  readonly block: Block;
}

export interface Extras {
  readonly extraArgs: readonly Extra[];
  readonly extraVolumes: readonly Extra[];
}

export const KEYS = ['extraArgs', 'extraVolumes'] as const;

export type Values = Record<string, unknown>;

export function extrasOf({ flags, folder }: PodTracing, form: 'mapping' | 'list'): Extras {
  const argument = ([name, value]: readonly [string, string]): Extra =>
    form === 'list'
      ? { name, value: { name, value }, block: [`name: ${name}`, `value: ${quoted(value)}`] }
      : { name, value, block: [`${name}: ${quoted(value)}`] };
  return { extraArgs: flags.map(argument), extraVolumes: folder === undefined ? [] : [volume(folder)] };
}

const volume = ({ name, path }: HostFolder): Extra => ({
  name,
  value: { name, hostPath: path, mountPath: path, readOnly: true, pathType: 'Directory' },
  block: [`hostPath: ${path}`, `mountPath: ${path}`, `name: ${name}`, 'pathType: Directory', 'readOnly: true'],
});

/** A text that YAML would take for another type is quoted. */
const quoted = (value: string): string =>
  /^\/[\w./-]+$/.test(value) || /^(?!true$|false$|yes$|no$|on$|off$|null$|[ynYN]$)[a-z][\w-]*$/.test(value)
    ? value
    : JSON.stringify(value);

/** Whether an item is this one, with this value. */
export const isExtra = (item: { readonly name: string; readonly value: unknown }, { name, value }: Extra): boolean =>
  item.name === name && isSameValue(textsOf(item.value), textsOf(value));

/** Booleans are texts in a layout. */
const textsOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]))
    : String(value);

export function componentIn(values: Values, path: readonly string[]): Values {
  let value = values;
  for (const key of path) value = (value[key] ??= {}) as Values;
  return value;
}

export function withExtras(component: Values, extras: Extras): void {
  for (const key of KEYS) {
    for (const { name, value } of extras[key]) {
      if (typeof value === 'string') ((component[key] ??= {}) as Values)[name] = value;
      else {
        const list = (component[key] ??= []) as Values[];
        if (!list.some((item) => item['name'] === name)) list.push(value as Values);
      }
    }
  }
}

export function withoutExtras(component: Values, extras: Extras): void {
  for (const key of KEYS) {
    const isOther = (name: string, value: unknown): boolean =>
      !extras[key].some((extra) => isExtra({ name, value }, extra));
    const found = component[key];
    if (found === undefined || found === null) continue;
    const left = Array.isArray(found)
      ? found.filter((item: Values) => isOther(item['name'] as string, item))
      : Object.fromEntries(Object.entries(found as Values).filter(([name, value]) => isOther(name, value)));
    if (Object.keys(left).length === 0 && Object.keys(found).length > 0) delete component[key];
    else component[key] = left;
  }
}
