import { ExitCode, TraceCommandError } from '../../errors.ts';
import type { JSONObject, JSONValue } from '../../report/json-value.ts';
import type { Budget } from './budget.ts';
import { compare } from './compare.ts';
import type { Expression, Filter, Slice, Step } from './step.ts';
import { textOf } from './text.ts';

export type Values = readonly JSONValue[];

/** The values at an expression, from those where it begins. Throws TraceCommandError. */
export function walk(values: Values, steps: Expression, budget: Budget): Values {
  let current = values;
  for (const step of steps) current = take(current, step, budget);
  return current;
}

/** Each value's, one after the other. */
function each(values: Values, budget: Budget, below: (value: JSONValue) => Values): Values {
  const found: JSONValue[] = [];
  for (const value of values) {
    const more = below(value);
    budget.spend(1 + more.length);
    for (const one of more) found.push(one);
  }
  return found;
}

function take(values: Values, step: Step, budget: Budget): Values {
  switch (step.kind) {
    case 'text':
      return [step.text];
    case 'number':
    case 'boolean':
      return each(values, budget, () => [step.value]);
    case 'field':
      return each(values, budget, (value) =>
        isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]!] : [],
      );
    case 'wildcard':
      return each(values, budget, children);
    case 'recursive':
      return each(values, budget, (value) => withDescendants(value, budget));
    case 'slice':
      return each(values, budget, (value) => (value === null ? [] : slice(value, step)));
    case 'union':
      return step.members.flatMap((member) => walk(values, member, budget));
    case 'filter':
      return each(values, budget, (value) => select(value, step, budget));
    default:
      return step satisfies never;
  }
}

const isObject = (value: JSONValue): value is JSONObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Go indexes the bytes of a text. */
function children(value: JSONValue): Values {
  if (typeof value === 'string') return [...Buffer.from(value)];
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

/** Everything that has something in it, each before what is in it; a text has bytes in it. */
function withDescendants(value: JSONValue, budget: Budget): JSONValue[] {
  const found: JSONValue[] = [];
  const stack: JSONValue[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const below = typeof next === 'string' ? [] : children(next);
    budget.spend(1 + below.length);
    if (below.length > 0 || (typeof next === 'string' && next !== '')) found.push(next);
    for (let i = below.length - 1; i >= 0; i--) stack.push(below[i] as JSONValue);
  }
  return found;
}

/**
 * For an empty result (`[*]` of an empty list), kubectl forgets all lists that follow; here they count. Otherwise its
 * rules, errors included.
 */
function slice(value: JSONValue, { from = 0, to, step = 1, single }: Slice): Values {
  if (!Array.isArray(value)) throw failed(`${goType(value)} is not array or slice`);
  const { length } = value;
  const start = from < 0 ? from + length : from;
  const end = single ? start + 1 : to === undefined ? length : to < 0 ? to + length : to;
  if (start === end) return [];
  if (start < 0 || start >= length) throw failed(`array index out of bounds: index ${start}, length ${length}`);
  if (end < 0 || end > length) throw failed(`array index out of bounds: index ${end - 1}, length ${length}`);
  if (start > end) throw failed(`starting index ${start} is greater than ending index ${end}`);
  if (step <= 0) throw failed('step must be > 0');
  return value.slice(start, end).filter((_, index) => index % step === 0);
}

function select(value: JSONValue, { left, comparison }: Filter, budget: Budget): Values {
  if (!Array.isArray(value)) throw failed(`${textOf(value)} is not array or slice and cannot be filtered`);
  return value.filter((item: JSONValue) => {
    if (comparison === undefined) return exists(item, left, budget);
    const [a, b] = [walk([item], left, budget), walk([item], comparison.right, budget)];
    if (a.length === 0 || b.length === 0) return false;
    if (a.length > 1 || b.length > 1) throw failed('can only compare one element at a time');
    const verdict = compare(operand(a, left), comparison.operator, operand(b, comparison.right));
    if (typeof verdict === 'string') throw failed(verdict);
    return verdict;
  });
}

/**
 * A path that cannot be followed counts as missing; in kubectl it exists, which lets `[?(@.list[9])]` pass short lists.
 */
function exists(value: JSONValue, path: Expression, budget: Budget): boolean {
  try {
    return walk([value], path, budget).length > 0;
  } catch (error) {
    if (budget.isSpent) throw error;
    return false;
  }
}

/** A literal `1.0` is not an integer, and so not comparable with one. */
function operand([value]: Values, steps: Expression): { readonly value: JSONValue; readonly isFloat: boolean } {
  const last = steps.at(-1);
  const isFloat = last?.kind === 'number' ? !last.isInteger : typeof value === 'number' && !Number.isInteger(value);
  return { value: value as JSONValue, isFloat };
}

function goType(value: JSONValue): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'map[string]interface {}';
}

const failed = (message: string): TraceCommandError =>
  new TraceCommandError(ExitCode.requestFailed, 'JSONPathFailed', `error executing jsonpath: ${message}`);
