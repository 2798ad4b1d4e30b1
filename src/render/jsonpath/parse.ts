import { UsageError } from '../../errors.ts';
import { Scanner } from './scanner.ts';
import {
  OPERATORS,
  type Expression,
  type Operator,
  type Slice,
  type Step,
  type Template,
  type TemplatePart,
} from './step.ts';
import { unquote } from './unquote.ts';

/**
 * Reads a template of kubectl's JSONPath dialect (https://kubernetes.io/docs/reference/kubectl/jsonpath/), as leniently
 * as its parser does (k8s.io/client-go util/jsonpath/parser.go): a range need not be ended, a value needs no `@` or `$`,
 * and `['a.b']` is the field b of the field a. Throws UsageError.
 */
export function parseTemplate(source: string): Template {
  const scanner = new Scanner(source);
  const top: TemplatePart[] = [];
  const open: Range[] = [];
  const add = (part: TemplatePart): void => void (open.at(-1)?.body ?? top).push(part);
  while (!scanner.atEnd) {
    const text = scanner.before('{') ?? scanner.rest();
    if (text !== '') add({ kind: 'literal', text });
    if (!scanner.take('{')) break;
    const keyword = scanner.match(/ *(?:range|end)(?=[\s.,[\]$@{}]|$)/y)?.trim();
    const steps = parseExpression(scanner, '}');
    if (keyword === 'range') {
      const range: Range = { kind: 'range', over: steps, body: [], isEnded: false };
      add(range);
      open.push(range);
    } else if (keyword === 'end') {
      const range = open.pop();
      if (range === undefined) throw invalid('not in range, nothing to end');
      range.isEnded = true;
    } else add({ kind: 'expression', steps });
  }
  return top;
}

/** While it is read. */
interface Range {
  readonly kind: 'range';
  readonly over: Expression;
  readonly body: TemplatePart[];
  isEnded: boolean;
}

/** Steps up to `end`, which is read too; to the end of the text for an `end` of "". */
function parseExpression(scanner: Scanner, end: string): Step[] {
  const steps: Step[] = [];
  for (;;) {
    if (end === '' ? scanner.atEnd : scanner.take(end)) return steps;
    if (scanner.take('[?(')) steps.push(filter(scanner));
    else if (scanner.take('..')) steps.push(...recursion(scanner, steps.at(-1)));
    else if (scanner.take('[')) steps.push(...brackets(scanner));
    else if (scanner.take('.')) steps.push(field(scanner));
    else steps.push(...simpleStep(scanner));
  }
}

function simpleStep(scanner: Scanner): Step[] {
  const character = scanner.peek();
  if (character === '' || character === '\n' || character === '\r') throw invalid('unclosed action');
  if (' @$'.includes(character)) {
    scanner.next();
    return [];
  }
  if (character === '"' || character === "'") return [quoted(scanner)];
  const number = scanner.match(/[-+]?[\d.]+|[-+]/y);
  if (number !== undefined) return [numeral(number)];
  const word = scanner.match(/[\p{L}\p{Nd}_][^\s.,[\]$@{}]*/uy);
  if (word === 'true' || word === 'false') return [{ kind: 'boolean', value: word === 'true' }];
  throw invalid(
    word === undefined
      ? `unrecognized character in action: ${codePoint(character)} '${character}'`
      : `unrecognized identifier ${word}`,
  );
}

function quoted(scanner: Scanner): Step {
  const source = scanner.match(/"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'/y);
  if (source === undefined) throw invalid('unterminated quoted string');
  const text = unquote(source);
  if (text === undefined) throw invalid(`unquote string ${source} error invalid syntax`);
  return { kind: 'text', text };
}

function numeral(text: string): Step {
  const value = Number(text);
  if (/^[-+]?\d+$/.test(text)) return { kind: 'number', value, isInteger: true };
  if (Number.isNaN(value)) throw invalid(`cannot parse number ${text}`);
  return { kind: 'number', value, isInteger: false };
}

/** A name, in which a backslash takes the meaning from what ends it: `.attributes.http\.route`. */
function field(scanner: Scanner): Step {
  const name = scanner.match(/(?:\\[^]|[^\\\s.,[\]$@{}])*/y) ?? '';
  return name === '*' ? { kind: 'wildcard' } : { kind: 'field', name: name.replaceAll('\\', '') };
}

function recursion(scanner: Scanner, before: Step | undefined): Step[] {
  if (before?.kind === 'recursive') throw invalid('invalid multiple recursive descent');
  const names = /^[\p{L}\p{Nd}_]/u.test(scanner.peek());
  return names ? [{ kind: 'recursive' }, field(scanner)] : [{ kind: 'recursive' }];
}

/** `[*]`, `[0]`, `[-1]`, `[1:3]`, `['name']`, and several of these, comma separated. */
function brackets(scanner: Scanner): Step[] {
  const text = scanner.before(']');
  if (text === undefined || text.includes('\n')) throw invalid('unterminated array');
  scanner.take(']');
  const members = text.split(',');
  if (members.length === 1) return inBrackets(text);
  return [{ kind: 'union', members: members.map((member) => inBrackets(member.replace(/^ +|(?<! ) +$/g, ''))) }];
}

function inBrackets(text: string): Step[] {
  const key = /^'([^']*)'$/.exec(text)?.[1];
  if (key !== undefined) return parseExpression(new Scanner(`.${key}`), '');
  const parts = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text === '*' ? ':' : text);
  if (parts === null) throw invalid(`invalid array index ${text}`);
  const [from, to, step] = parts.slice(1).map((part: string | undefined) => position(part)) as [
    Slice['from'],
    Slice['to'],
    Slice['step'],
  ];
  return [{ kind: 'slice', from, to, step, single: parts[2] === undefined }];
}

function position(part: string | undefined): number | undefined {
  const digits = part?.replace(':', '') ?? '';
  if (digits === '') return undefined;
  if (digits === '-') throw invalid('array index - is not a number');
  return Number(digits);
}

function filter(scanner: Scanner): Step {
  const source = scanner.match(/(?:[^)"'\n]|"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*')*/y) ?? '';
  if (!scanner.take(')')) throw invalid('unterminated filter');
  if (!scanner.take(']')) throw invalid('unclosed array expect ]');
  const [, left = source, operator, right = ''] = /^([^!<>=]+)([!<>=]+)(.+)$/s.exec(source) ?? [];
  const expression = (text: string): Expression => parseExpression(new Scanner(text), '');
  if (operator === undefined) return { kind: 'filter', left: expression(left), comparison: undefined };
  if (!(OPERATORS as readonly string[]).includes(operator)) throw invalid(`unrecognized filter operator ${operator}`);
  const comparison = { operator: operator as Operator, right: expression(right) };
  return { kind: 'filter', left: expression(left), comparison };
}

const codePoint = (character: string): string =>
  `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

const invalid = (message: string): UsageError =>
  new UsageError('InvalidTemplate', `error parsing jsonpath: ${message}`, {
    hint: "as in kubectl: -o jsonpath='{.verdict}', '{range .trace.spans[*]}{.name}{\"\\n\"}{end}'",
  });
