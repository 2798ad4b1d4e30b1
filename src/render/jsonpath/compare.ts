import type { JSONValue } from '../../report/json-value.ts';
import type { Operator } from './step.ts';

export interface Operand {
  readonly value: JSONValue;
  /** Type of a number: Go does not compare integers with floating-point numbers. */
  readonly isFloat: boolean;
}

/** Compares as Go's templates do (text/template/funcs.go); the text of the error where they cannot. */
export function compare(left: Operand, operator: Operator, right: Operand): boolean | string {
  const [a, b] = [kindOf(left), kindOf(right)];
  if (a === undefined || b === undefined) return 'invalid type for comparison';
  if (a !== b) return 'incompatible types for comparison';
  const order = operator !== '==' && operator !== '!=';
  if (a === 'boolean' && order) return 'invalid type for comparison';
  const [x, y] = [left.value as string | number, right.value as string | number];
  switch (operator) {
    case '==':
      return x === y;
    case '!=':
      return x !== y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    default:
      return operator satisfies never;
  }
}

function kindOf({ value, isFloat }: Operand): 'boolean' | 'string' | 'integer' | 'float' | undefined {
  if (typeof value === 'number') return isFloat ? 'float' : 'integer';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'string' ? 'string' : undefined;
}
