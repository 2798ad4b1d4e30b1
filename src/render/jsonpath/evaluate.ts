import type { JSONValue } from '../../report/json-value.ts';
import { Budget } from './budget.ts';
import type { Template } from './step.ts';
import { walk, type Values } from './walk.ts';

/**
 * Result of a template for a document, as kubectl prints it: several values of one expression are separated by a blank,
 * and missing keys are empty. Throws TraceCommandError where kubectl fails too (an index beyond the end, a comparison of
 * unlike values), and for a template that takes too much.
 */
export const evaluate = (template: Template, document: JSONValue): string => print(template, document, new Budget());

function print(template: Template, document: JSONValue, budget: Budget): string {
  let text = '';
  for (const part of template) {
    budget.spend(1);
    switch (part.kind) {
      case 'literal':
        text += budget.print(part.text);
        break;
      case 'expression':
        text += printValues(walk([document], part.steps, budget), budget);
        break;
      case 'range':
        for (const value of walk([document], part.over, budget)) text += print(part.body, value, budget);
        // A body without {end} is printed for the document as well.
        if (!part.isEnded) text += print(part.body, document, budget);
        break;
      default:
        part satisfies never;
    }
  }
  return text;
}

function printValues(values: Values, budget: Budget): string {
  let text = '';
  for (const [index, value] of values.entries()) {
    if (index > 0) text += ' ';
    text += budget.print(budget.textOf(value));
  }
  return text;
}
