import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { UsageError } from '../../../../src/errors.ts';
import { parse } from '../../../support/parse.ts';
import type { ShowSource } from '../../../../src/commands/show/arguments.ts';

const source = (...args: string[]): ShowSource => {
  const invocation = parse(['show', ...args], {});
  assert.equal(invocation.kind, 'show');
  return invocation.source;
};

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';

suite('show', () => {
  const cases: readonly (readonly [args: readonly string[], wanted: ShowSource])[] = [
    [['last'], { kind: 'history', back: 0 }],
    [['^1'], { kind: 'history', back: 1 }],
    [['^12', '-o', 'json'], { kind: 'history', back: 12 }],
    [['-'], { kind: 'input' }],
    [['-', '4BF9'], { kind: 'input', choice: '4bf9' }],
    [['spans.json'], { kind: 'file', path: 'spans.json' }],
    [['spans.json', ID], { kind: 'file', path: 'spans.json', choice: ID }],
    [['./last'], { kind: 'file', path: './last' }],
    [['./add'], { kind: 'file', path: './add' }],
    [[ID], { kind: 'trace', traceID: ID as never, prefix: ID }],
    [[ID.toUpperCase()], { kind: 'trace', traceID: ID as never, prefix: ID }],
    [
      ['a3ce929d0e0e4736'],
      { kind: 'trace', traceID: `${'0'.repeat(16)}a3ce929d0e0e4736` as never, prefix: 'a3ce929d0e0e4736' },
    ],
    [
      [`http://localhost:16686/trace/${ID}`],
      { kind: 'trace', traceID: ID as never, backend: 'http://localhost:16686' },
    ],
    [
      [`https://host/jaeger/ui/trace/${ID}?uiFind=x`],
      { kind: 'trace', traceID: ID as never, backend: 'https://host/jaeger/ui' },
    ],
  ];
  for (const [args, wanted] of cases) test(args.join(' '), () => assert.deepEqual(source(...args), wanted));

  const mistakes: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [[], /which trace to show/],
    [[''], /which trace to show/],
    [['last', 'first'], /unexpected argument "first"/],
    [[ID, ID], /unexpected argument/],
    [['a.json', ID, 'b'], /unexpected argument "b"/],
    [['a.json', 'xyz'], /"xyz" is not the beginning of a trace ID/],
    [['http://localhost:16686/search'], /not the address of a trace/],
    [['http://localhost:16686/trace/xyz'], /not the address of a trace/],
    [['a.json', '-A'], /unknown flag: --all-namespaces/],
    [['a.json', '--audit-log', 'b'], /^--audit-log is for a command that was stored/],
    [['a.json', '--apiserver-log', 'b'], /^--apiserver-log is for a command that was stored/],
    [['last', '--compare', '^1'], /^-o tree has no comparison: only a page has/],
    [['last', '--compare', '^1', '-o', 'json'], /^-o json has no comparison/],
    [['-', '--compare', '-', '-o', 'html'], /^standard input has one trace/],
    [['last', '--compare', 'http://host/search', '-o', 'html'], /not the address of a trace/],
    [['last', '--audit-log', 'b', '--apiserver-log', 'c'], /^give --audit-log or --apiserver-log, not both/],
  ];
  test('--compare names its trace as the first one is named', () => {
    for (const [args, wanted] of cases.filter(([words]) => words.length === 1)) {
      const invocation = parse(['show', 'spans.json', '--compare', ...args, '-o', 'html'], {});
      assert.deepEqual(invocation.kind === 'show' && invocation.compare, wanted);
    }
    const alone = parse(['show', 'last', '-o', 'html'], { KUBECTL_TRACE_COMPARE: '^1' });
    assert.equal(alone.kind === 'show' && alone.compare, undefined);
  });

  for (const [args, message] of mistakes) {
    test(`rejects ${args.join(' ')}`, () => {
      assert.throws(
        () => source(...args),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});

suite('-o', () => {
  const draw = (...args: string[]): unknown => {
    const invocation = parse(['show', 'last', ...args], {});
    assert.equal(invocation.kind, 'show');
    const { output, outputArgument } = invocation.draw;
    return outputArgument === undefined ? output : [output, outputArgument];
  };
  for (const format of ['tree', 'wide', 'summary', 'json', 'yaml', 'name', 'otlp', 'markdown']) {
    test(format, () => assert.equal(draw(`-o${format}`), format));
  }
  test('accepts a template with any content', () => {
    assert.deepEqual(draw('-o', 'jsonpath={.a}={.b},c'), ['jsonpath', '{.a}={.b},c']);
    assert.deepEqual(draw('-ojsonpath={.a}'), ['jsonpath', '{.a}']);
    assert.deepEqual(draw('-o=jsonpath={range .a[*]}\n{end}'), ['jsonpath', '{range .a[*]}\n{end}']);
  });
  for (const [format, message] of [
    ['jsonpath', /a template is needed/],
    ['jsonpath=', /a template is needed/],
    ['json=x', /must be tree, wide/],
    ['jsonpaht={.a}', /must be tree, wide/],
  ] as const) {
    test(`rejects ${format}`, () => assert.throws(() => draw('-o', format), message));
  }
});

test('--no-history has an environment variable', () => {
  const kept = (args: readonly string[], env = {}): unknown => {
    const invocation = parse(['get', 'nodes', ...args], env);
    return invocation.kind === 'get' && invocation.lookup.history;
  };
  assert.equal(kept([]), true);
  assert.equal(kept(['--no-history']), false);
  assert.equal(kept([], { KUBECTL_TRACE_NO_HISTORY: '1' }), false);
  assert.equal(kept(['--no-history=false'], { KUBECTL_TRACE_NO_HISTORY: '1' }), true);
});

test('a password in the URL of a page is not stored', () => {
  const invocation = parse(['show', `http://me:hunter2@host/trace/${ID}`], {});
  assert.ok(invocation.kind === 'show');
  assert.deepEqual(invocation.args, ['show', `http://me:REDACTED@host/trace/${ID}`]);
});
