import { ExitCode, TraceCommandError } from '../../errors.ts';
import type { JSONObject, JSONValue } from '../../report/json-value.ts';
import { compare } from './compare.ts';
import type { Expression, Filter, Slice, Step, Template } from './step.ts';
import { textOf } from './text.ts';

/**
 * Result of a template for a document, as kubectl prints it: several values of one expression are separated by a blank,
 * and missing keys are empty. Throws TraceCommandError where kubectl fails too: an index beyond the end, a comparison
 * of unlike values.
 */
export const evaluate = (template: Template, document: JSONValue): string => print(template, document, { parts: 0 });

/** Ranges within ranges without {end} double what is printed, each one of them. */
const MAX_PARTS = 10_000_000;

function print(template: Template, document: JSONValue, printed: { parts: number }): string {
  let text = '';
  for (const part of template) {
    printed.parts += 1;
    if (printed.parts > MAX_PARTS)
      throw failed(
        `the template prints more than ${MAX_PARTS.toLocaleString('en')} parts: a {range} may lack its {end}`,
      );
    switch (part.kind) {
      case 'literal':
        text += part.text;
        break;
      case 'expression':
        text += walk([document], part.steps).map(textOf).join(' ');
        break;
      case 'range':
        for (const value of walk([document], part.over)) text += print(part.body, value, printed);
        // A body without {end} is printed for the document as well.
        if (!part.isEnded) text += print(part.body, document, printed);
        break;
      default:
        part satisfies never;
    }
  }
  return text;
}

type Values = readonly JSONValue[];

function walk(values: Values, steps: Expression): Values {
  let current = values;
  for (const step of steps) current = take(current, step);
  return current;
}

function take(values: Values, step: Step): Values {
  switch (step.kind) {
    case 'text':
      return [step.text];
    case 'number':
    case 'boolean':
      return values.map(() => step.value);
    case 'field':
      return values.flatMap((value) => (isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]!] : []));
    case 'wildcard':
      return values.flatMap(children);
    case 'recursive':
      return values.flatMap(withDescendants);
    case 'slice':
      return values.flatMap((value) => (value === null ? [] : slice(value, step)));
    case 'union':
      return step.members.flatMap((member) => walk(values, member));
    case 'filter':
      return values.flatMap((value) => select(value, step));
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

/** Everything that has something in it, each before what is in it. */
function withDescendants(value: JSONValue): JSONValue[] {
  const found: JSONValue[] = [];
  const stack: JSONValue[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const below = children(next);
    if (below.length === 0) continue;
    found.push(next);
    if (typeof next === 'string') continue;
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

function select(value: JSONValue, { left, comparison }: Filter): Values {
  if (!Array.isArray(value)) throw failed(`${textOf(value)} is not array or slice and cannot be filtered`);
  return value.filter((item: JSONValue) => {
    if (comparison === undefined) return exists(item, left);
    const [a, b] = [walk([item], left), walk([item], comparison.right)];
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
function exists(value: JSONValue, path: Expression): boolean {
  try {
    return walk([value], path).length > 0;
  } catch {
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
