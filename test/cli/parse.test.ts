import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { GetInvocation } from '../../src/cli/invocation.ts';
import { parse, wantedOutput } from '../../src/cli/parse.ts';
import { ExitCode, UsageError } from '../../src/errors.ts';

function get(line: string, env: Readonly<Record<string, string>> = {}): GetInvocation {
  const invocation = parse(line.split(' '), env);
  assert.equal(invocation.kind, 'get');
  return invocation;
}

function usageError(argv: readonly string[], env: Readonly<Record<string, string>> = {}): UsageError {
  try {
    parse(argv, env);
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: `${argv.join(' ')} was understood` });
}

suite('commands', () => {
  test('nothing at all asks for help, as kubectl does', () => assert.deepEqual(parse([], {}), { kind: 'help' }));
  test('help for one command, in each way of asking', () => {
    for (const line of ['help get', 'get --help', 'get -h', 'get pods -h', '-h get']) {
      assert.deepEqual(parse(line.split(' '), {}), { kind: 'help', topic: 'get' }, line);
    }
  });
  test('version', () => assert.deepEqual(parse(['version'], {}), { kind: 'version' }));
  test('flags may stand before the command', () => assert.equal(get('-n shop get pods').connection.namespace, 'shop'));
  test('a misspelt command', () => {
    const error = usageError(['gte', 'nodes']);
    assert.equal(error.message, 'unknown command "gte" for "kubectl trace"');
    assert.equal(error.hint, 'Did you mean "get"?');
    assert.equal(error.exitCode, ExitCode.usage);
  });
  test('a command of a later version is told from a misspelt one', () => {
    assert.equal(usageError(['pod', 'web']).reason, 'NotAvailable');
  });
});

suite('what get gets', () => {
  test('a list', () => assert.deepEqual([get('get pods').resource, get('get pods').names], ['pods', []]));
  test('names', () => assert.deepEqual(get('get pods a b').names, ['a', 'b']));
  test('type and name in one', () => {
    const { resource, names } = get('get pods/a pods/b');
    assert.deepEqual([resource, names], ['pods', ['a', 'b']]);
  });
  test('a path', () => assert.equal(get('get --raw /readyz?verbose').raw, '/readyz?verbose'));
  test('what follows -- is never a flag', () => assert.deepEqual(get('get pods -- -A').names, ['-A']));

  const refused: readonly (readonly [line: string, message: RegExp])[] = [
    ['get', /must specify the type of resource/],
    ['get pods web -A', /by name across all namespaces/],
    ['get pods web -l app=web', /name cannot be provided when a selector is specified/],
    ['get pods,services', /more than one type of resource/],
    ['get pods/a services/b', /more than one type of resource: "pods" and "services"/],
    ['get pods pods/a', /must have a single type and name: "pods"/],
    ['get pods/a/b', /must have a single type and name/],
    ['get pods/', /a name cannot be empty/],
    ['get nodes --raw /readyz', /arguments may not be passed when --raw/],
    ['get --raw readyz', /must be a path that begins with "\/"/],
    ['get --raw /api -A', /--raw may not be specified with flags that filter/],
  ];
  for (const [line, message] of refused) {
    test(`not: ${line}`, () => assert.match(usageError(line.split(' ')).message, message));
  }
});

suite('flags are read as pflag reads them', () => {
  test('attached values', () => {
    const invocation = get('get pods -Aojson -lapp=web --context=a');
    assert.equal(invocation.allNamespaces, true);
    assert.equal(invocation.draw.output, 'json');
    assert.equal(invocation.labelSelector, 'app=web');
    assert.equal(invocation.connection.context, 'a');
    assert.equal(get('get pods -n=shop').connection.namespace, 'shop');
    assert.equal(get('get pods -nkube-system').connection.namespace, 'kube-system');
  });
  test('the last one wins', () => assert.equal(get('get pods -n a --namespace=b').connection.namespace, 'b'));
  test('lists collect', () => {
    assert.deepEqual(get('get pods --as me --as-group a --as-group=b').connection.asGroup, ['a', 'b']);
  });
  test('booleans', () => {
    assert.equal(get('get pods -A --all-namespaces=false').allNamespaces, false);
    assert.equal(get('get pods -A=F').allNamespaces, false);
    assert.equal(get('get pods --require-complete=1').lookup.requireComplete, true);
    assert.deepEqual(get('get pods --ascii false').names, ['false'], 'a boolean takes no separate value');
  });
  test('a value may be anything, and stays what it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (first, second) => {
        const argv = ['get', 'pods', '-l', first, `--as=${second}`, '--as-group', second, `--as-group=${first}`];
        const invocation = parse(argv, {}) as GetInvocation;
        assert.equal(invocation.labelSelector, first);
        assert.equal(invocation.connection.as, second);
        assert.deepEqual(invocation.connection.asGroup, [second, first]);
      }),
      {
        examples: [
          ['"q"', '--'],
          ['1e3', '-x'],
          ['true', '__proto__'],
          ['--as', "'"],
          ['', '\n'],
        ],
      },
    );
  });
  test('any command line is understood or is a usage error', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('get', 'pods', '-', '--', '-A', '-o', '--wait', '--raw', '-n', '='),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        try {
          parse(argv, {});
        } catch (error) {
          assert.ok(error instanceof UsageError, String(error));
        }
      }),
    );
  });

  const refused: readonly (readonly [line: string, message: string, hint?: string])[] = [
    ['get pods --bakend x', 'unknown flag: --bakend', 'Did you mean "--backend"?'],
    ['get pods --name x', 'unknown flag: --name', 'Did you mean "--namespace"?'],
    ['get pods -Ax', "unknown shorthand flag: 'x' in -Ax"],
    ['get pods --namespace', 'flag needs an argument: --namespace'],
    ['get pods -An', "flag needs an argument: 'n' in -An"],
    ['get pods --=x', 'bad flag syntax: --='],
    ['version --output=json', 'unknown flag: --output'],
    ['get pods -A=maybe', 'invalid argument "maybe" for "-A, --all-namespaces" flag: must be true or false'],
    [
      'get pods -o yml',
      'invalid argument "yml" for "-o, --output" flag: must be tree, wide, summary, json, yaml, jsonpath=TEMPLATE, name, otlp or markdown',
    ],
    ['get pods --width 39', 'invalid argument "39" for "--width" flag: must be a number of columns from 40 to 10000'],
  ];
  for (const [line, message, hint] of refused) {
    test(message, () => {
      const error = usageError(line.split(' '));
      assert.equal(error.message, message);
      if (hint !== undefined) assert.equal(error.hint, hint);
    });
  }
});

suite('--wait', () => {
  test('30s unless it is said, and a sign of intention only when typed', () => {
    assert.deepEqual(get('get pods').lookup, {
      wait: 30e9,
      waitIsExplicit: false,
      requireComplete: false,
      history: true,
    });
    assert.equal(get('get pods', { KUBECTL_TRACE_WAIT: '5s' }).lookup.wait, 5e9);
    assert.equal(get('get pods', { KUBECTL_TRACE_WAIT: '5s' }).lookup.waitIsExplicit, false);
    const typed = get('get pods --wait 0', { KUBECTL_TRACE_WAIT: '5s' }).lookup;
    assert.deepEqual([typed.wait, typed.waitIsExplicit], [0, true]);
  });
  for (const value of ['true', 'false', '-1s', '5']) {
    test(`not ${value}: it takes a duration, and is about the trace only`, () => {
      const { message } = usageError(['get', 'pods', `--wait=${value}`]);
      assert.match(message, /must be a duration such as 30s.*only about looking for the trace$/);
    });
  }
});

suite('the environment', () => {
  test('comes after the flags, before the defaults, and may be empty', () => {
    assert.equal(get('get pods', { KUBECTL_TRACE_OUTPUT: 'json' }).draw.output, 'json');
    assert.equal(get('get pods -o tree', { KUBECTL_TRACE_OUTPUT: 'json' }).draw.output, 'tree');
    assert.equal(get('get pods', { KUBECTL_TRACE_OUTPUT: '' }).draw.output, 'tree');
    assert.equal(get('get pods', { KUBECTL_TRACE_ASCII: 'true' }).draw.ascii, true);
  });
  test('is named when it is wrong', () => {
    const { message } = usageError(['get', 'pods'], { KUBECTL_TRACE_WIDTH: 'wide' });
    assert.match(message, /^invalid argument "wide" for KUBECTL_TRACE_WIDTH: /);
  });
  test("does not set kubectl's own flags", () => {
    assert.equal(get('get pods', { KUBECTL_TRACE_NAMESPACE: 'x' }).connection.namespace, undefined);
  });
});

suite('credentials', () => {
  const secret = 's3cr3t';
  for (const argv of [
    ['--token', secret],
    [`--token=${secret}`],
    ['--password', secret, '--username', 'me'],
    ['-s', `https://me:${secret}@host:6443/`],
    [`--backend=jaeger=http://me:${secret}@host`],
  ]) {
    test(`are removed from the arguments: ${argv.join(' ')}`, () => {
      const invocation = parse(['get', 'pods', ...argv], {}) as GetInvocation;
      assert.doesNotMatch(invocation.args.join(' '), /s3cr3t/);
      assert.match(invocation.args.join(' '), /REDACTED/);
      assert.match(JSON.stringify([invocation.connection, invocation.lookup.backend]), /s3cr3t/);
    });
  }
  test('are not repeated by errors', () => {
    for (const argv of [[`--tokn=${secret}`], [`--=${secret}`], [`-x${secret}`], [`-t${secret}`]]) {
      const { message, hint = '' } = usageError(['get', 'pods', ...argv]);
      assert.doesNotMatch(message + hint, /s3cr3t/);
    }
  });
  test('everything else is kept as it was typed', () => {
    const argv = ['get', 'pods', '-Aojson', '-l', '--token', '--', '--token', 'x'];
    assert.deepEqual((parse(argv.slice(0, 5), {}) as GetInvocation).args, argv.slice(0, 5));
  });
});

suite('JSON is wanted', () => {
  for (const line of [
    '-o json',
    '-ojson',
    '-o=json',
    '--output json',
    '--output=json',
    '-Aojson',
    '--bogus -o json',
    '-o tree -o json',
  ]) {
    test(`by ${line}`, () => assert.equal(wantedOutput(['get', ...line.split(' ')]), 'json'));
  }
  for (const line of ['-o tree', '-o json -o tree', '-- -o json', '-nfoojson', 'json', '-o']) {
    test(`not by ${line}`, () => assert.notEqual(wantedOutput(['get', ...line.split(' ')]), 'json'));
  }
  test('by the environment', () => {
    assert.equal(wantedOutput(['get', '--bogus'], { KUBECTL_TRACE_OUTPUT: 'json' }), 'json');
    assert.equal(wantedOutput(['get', '-o', 'tree'], { KUBECTL_TRACE_OUTPUT: 'json' }), 'tree');
  });
});
