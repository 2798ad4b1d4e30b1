import { tableOf } from '../../format/table-of.ts';
import { listOf, objectOf, type APIObject } from '../fields.ts';

const SUFFIXES: Readonly<Record<string, number>> = tableOf({
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
});

/** A quantity of the API (k8s.io/apimachinery pkg/api/resource/quantity.go) as a number; undefined for anything else. */
export function quantityOf(value: unknown): number | undefined {
  const [, digits, exponent = '', suffix = ''] =
    /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))([eE][+-]?\d+)?([A-Za-z]*)$/.exec(String(value)) ?? [];
  const factor = Object.hasOwn(SUFFIXES, suffix) ? SUFFIXES[suffix] : undefined;
  if (digits === undefined || factor === undefined || (exponent !== '' && suffix !== '')) return undefined;
  return Number(`${digits}${exponent}`) * factor;
}

type Amounts = ReadonlyMap<string, number>;

export function amountsOf(value: unknown): Amounts {
  const amounts = Object.entries(objectOf(value)).flatMap(([name, text]) => {
    const amount = quantityOf(text);
    return amount === undefined ? [] : ([[name, amount]] as const);
  });
  return new Map(amounts);
}

/**
 * The requests of a pod as the scheduler counts them (k8s.io/component-helpers resource/helpers.go, PodRequests):
 * containers and sidecars together, or the init container that wants most, with what the sidecars before it hold; what
 * is set for the whole pod takes the place of both; overhead comes on top.
 */
export function requestsOf(spec: APIObject): Amounts {
  const total = new Map<string, number>();
  for (const container of listOf(spec['containers'])) add(total, containerRequests(container));
  const sidecars = new Map<string, number>();
  const largest = new Map<string, number>();
  for (const container of listOf(spec['initContainers'])) {
    const own = new Map(containerRequests(container));
    if (container['restartPolicy'] === 'Always') {
      add(total, own);
      add(sidecars, own);
      raise(largest, sidecars);
    } else {
      add(own, sidecars);
      raise(largest, own);
    }
  }
  raise(total, largest);
  for (const [name, amount] of amountsOf(objectOf(spec['resources'])['requests'])) total.set(name, amount);
  add(total, amountsOf(spec['overhead']));
  return total;
}

const containerRequests = (container: APIObject): Amounts => amountsOf(objectOf(container['resources'])['requests']);

function add(total: Map<string, number>, amounts: Amounts): void {
  for (const [name, amount] of amounts) total.set(name, (total.get(name) ?? 0) + amount);
}

function raise(total: Map<string, number>, amounts: Amounts): void {
  for (const [name, amount] of amounts) total.set(name, Math.max(total.get(name) ?? 0, amount));
}
