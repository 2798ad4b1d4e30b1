import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TraceCommandError, UsageError } from '../../../../src/errors.ts';
import type { JSONValue } from '../../../../src/report/json-value.ts';
import { evaluate } from '../../../../src/render/jsonpath/evaluate.ts';
import { parseTemplate } from '../../../../src/render/jsonpath/parse.ts';
import { BROKEN, DOCUMENT, FAILING, TEMPLATES } from './templates.ts';

const print = (template: string, document: JSONValue = DOCUMENT): string => evaluate(parseTemplate(template), document);

suite('a template prints', () => {
  for (const [template, expected] of TEMPLATES) {
    test(template, () => assert.equal(print(template), expected));
  }
});

suite('a template that does not fit the document fails', () => {
  for (const [template, message] of FAILING) {
    test(template, () => {
      assert.throws(
        () => print(template),
        (error) => error instanceof TraceCommandError && error.exitCode === 1 && error.message.includes(message),
      );
    });
  }
});

suite('a template that is not one is refused before anything is sent', () => {
  for (const [template, message] of BROKEN) {
    test(template, () => {
      assert.throws(
        () => parseTemplate(template),
        (error) => error instanceof UsageError && error.message.includes(message),
      );
    });
  }
});

test('an empty list does not end the lists after it, as it does in kubectl', () => {
  const document = { requests: [{ warnings: [] }, { warnings: ['old'] }] };
  assert.equal(print('{.requests[*].warnings[*]}', document), 'old');
});

test('what kubectl gets wrong is right here', () => {
  assert.equal(print('{"a\\\\"}|'), 'a\\|', 'a backslash that is escaped escapes nothing');
  assert.equal(print('{.requests[?(@.tags[3])].path}'), '/apis', 'what is beyond the end is not there');
  assert.throws(
    () => print('{.absent[?(@.b=1)]}'),
    /unrecognized filter operator =/,
    'whether or not anything is filtered',
  );
});

test('a document of 100,000 levels and one of 100,000 values', () => {
  let deep: JSONValue = 'bottom';
  for (let level = 0; level < 100_000; level++) deep = { a: deep };
  assert.equal(print('{..a}', { a: { a: 'x' } }), '{"a":"x"} x');
  assert.match(evaluate(parseTemplate('{range ..a}.{end}'), deep), /^\.{99999,100000}$/);
  const wide = Array.from({ length: 100_000 }, (_, index) => ({ id: index }));
  assert.equal(print('{range .items[?(@.id>=99998)]}{.id},{end}', { items: wide }), '99998,99999,');
});
