import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TraceCommandError, UsageError } from '../../../../src/errors.ts';
import type { JSONValue } from '../../../../src/report/json-value.ts';
import { evaluate } from '../../../../src/render/jsonpath/evaluate.ts';
import { parseTemplate } from '../../../../src/render/jsonpath/parse.ts';
import { BROKEN, DOCUMENT, FAILING, TEMPLATES } from './templates.ts';

const print = (template: string, document: JSONValue = DOCUMENT): string => evaluate(parseTemplate(template), document);

suite('a JSONPath template prints', () => {
  for (const [template, expected] of TEMPLATES) {
    test(template, () => assert.equal(print(template), expected));
  }
});

suite('a JSONPath template that does not match the document fails', () => {
  for (const [template, message] of FAILING) {
    test(template, () => {
      assert.throws(
        () => print(template),
        (error) => error instanceof TraceCommandError && error.exitCode === 1 && error.message.includes(message),
      );
    });
  }
});

suite('an invalid JSONPath template is rejected before any request', () => {
  for (const [template, message] of BROKEN) {
    test(template, () => {
      assert.throws(
        () => parseTemplate(template),
        (error) => error instanceof UsageError && error.message.includes(message),
      );
    });
  }
});

test('an empty JSONPath list does not end later lists, unlike in kubectl', () => {
  const document = { requests: [{ warnings: [] }, { warnings: ['old'] }] };
  assert.equal(print('{.requests[*].warnings[*]}', document), 'old');
});

test('JSONPath templates that kubectl evaluates wrongly are evaluated correctly', () => {
  assert.equal(print('{"a\\\\"}|'), 'a\\|', 'a backslash that is escaped escapes nothing');
  assert.equal(print('{.requests[?(@.tags[3])].path}'), '/apis', 'what is beyond the end is not there');
  assert.throws(
    () => print('{.absent[?(@.b=1)]}'),
    /unrecognized filter operator =/,
    'whether or not anything is filtered',
  );
});

test('JSONPath reads a document of 100,000 levels, and one of 100,000 values', () => {
  let deep: JSONValue = 'bottom';
  for (let level = 0; level < 100_000; level++) deep = { a: deep };
  assert.equal(print('{..a}', { a: { a: 'x' } }), '{"a":"x"} x');
  assert.match(evaluate(parseTemplate('{range ..a}.{end}'), deep), /^\.{99999,100000}$/);
  const wide = Array.from({ length: 100_000 }, (_, index) => ({ id: index }));
  assert.equal(print('{range .items[?(@.id>=99998)]}{.id},{end}', { items: wide }), '99998,99999,');
});

test('JSONPath templates that would never end fail', () => {
  let nested: JSONValue = {};
  for (let level = 0; level < 60; level++) nested = { a: nested };
  const document = { items: Array.from({ length: 50 }, () => ({ labels: { app: 'web' } })), list: [nested], nested };
  const cost = (template: string): RegExp | string => {
    try {
      return print(template, document);
    } catch (error) {
      return (error as Error).message.replace(/^error executing jsonpath: /, '').replace(/:.*$/, '');
    }
  };
  const [steps, characters] = [/more than 10,000,000 steps/, /more than 134,217,728 characters/];
  assert.match(String(cost(`${'{range }['.repeat(40)}{$..name}`)), steps);
  assert.match(String(cost(`${'{range }['.repeat(40)}{$..a}`)), characters);
  assert.match(String(cost(`${'{range }['.repeat(22)}${'1'.repeat(250)}`)), characters);
  assert.match(String(cost(`{.nested${'..a'.repeat(20)}}`)), steps);
  assert.match(String(cost(`{range .list[?(@${'..a'.repeat(20)})]}x{end}`)), steps);
  assert.equal(cost('{range .items[*]}{range .labels}{.app} {end}{end}'), 'web '.repeat(50));
});
