import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { DelegatedInvocation, PassedInvocation } from '../../../src/commands/kubectl/arguments.ts';
import type { GetInvocation } from '../../../src/commands/get/arguments.ts';
import { parse } from '../../support/parse.ts';
import { ExitCode, UsageError } from '../../../src/errors.ts';

function get(line: string, env: Readonly<Record<string, string>> = {}): GetInvocation {
  const invocation = parse(line.split(' '), env);
  assert.equal(invocation.kind, 'get');
  return invocation;
}

function names(line: string): string[] {
  const { target } = get(line);
  return target.kind === 'objects' ? target.names.map(({ type, name }) => `${type} ${name}`) : [];
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
  test('no arguments show help, as in kubectl', () => assert.deepEqual(parse([], {}), { kind: 'help' }));
  test('help for one command is available in each spelling', () => {
    for (const line of ['help get', 'get --help', 'get -h', 'get pods -h', '-h get']) {
      assert.deepEqual(parse(line.split(' '), {}), { kind: 'help', topic: 'get' }, line);
    }
  });
  test('options lists the global flags, and takes no arguments', () => {
    assert.deepEqual(parse(['options'], {}), { kind: 'options' });
    assert.deepEqual(parse(['-n', 'shop', 'options'], {}), { kind: 'options' });
    assert.deepEqual(parse(['options', '--help'], {}), { kind: 'help', topic: 'options' });
    assert.deepEqual(parse(['help', 'options'], {}), { kind: 'help', topic: 'options' });
    assert.equal(usageError(['options', 'get']).message, 'unexpected argument "get"');
    assert.equal(usageError(['options', '--nosuch']).message, 'unknown flag: --nosuch');
    assert.equal(usageError(['options', '--wait', '0']).message, 'unknown flag: --wait');
  });
  test('version prints the version', () =>
    assert.deepEqual(parse(['version'], {}), { kind: 'version', format: undefined }));
  test('--version does as well', () =>
    assert.deepEqual(parse(['--version'], {}), { kind: 'version', format: undefined }));
  test('flags may stand before the command', () => assert.equal(get('-n shop get pods').connection.namespace, 'shop'));
  test('a misspelled command is an error with a suggestion', () => {
    const { mistake } = parse(['gte', 'nodes'], {}) as PassedInvocation;
    assert.ok(mistake?.isKnownToKubectl);
    const { error } = mistake;
    assert.equal(error.message, 'unknown command "gte" for "kubectl trace"');
    assert.equal(error.hint, 'Did you mean "get"?');
    assert.equal(error.exitCode, ExitCode.usage);
  });
});

suite('targets of get', () => {
  test('a type is a list', () => assert.deepEqual(get('get pods').target, { kind: 'lists', types: ['pods'] }));
  test('several types are lists, each requested once', () => {
    assert.deepEqual(get('get pods,svc,pods').target, { kind: 'lists', types: ['pods', 'svc'] });
  });
  test('a type and names are single objects', () => assert.deepEqual(names('get pods a b'), ['pods a', 'pods b']));
  test('several types with the same names', () => {
    assert.deepEqual(names('get pods,svc a b'), ['pods a', 'pods b', 'svc a', 'svc b']);
  });
  test('TYPE/NAME', () => assert.deepEqual(names('get pods/a svc/b'), ['pods a', 'svc b']));
  test('--raw is a path', () => {
    assert.deepEqual(get('get --raw /readyz?verbose').target, { kind: 'path', path: '/readyz?verbose' });
  });
  test('arguments after -- are never flags', () => assert.deepEqual(names('get pods -- -A'), ['pods -A']));
  test('an empty selector is ignored', () => assert.equal('labelSelector' in get('get pods --selector='), false));
  test('a watch needs an end', () => {
    assert.deepEqual(get('get pods -w --for-events 3 --for=1m').watch, { events: 3, duration: 60e9 });
  });
  test('--repeat repeats a read', () => {
    assert.deepEqual(get('get pods --repeat 20').repetition, { times: 20, warmup: 1 });
    assert.deepEqual(get('get pod web --repeat=20 --warmup=0').repetition, { times: 20, warmup: 0 });
    assert.deepEqual(get('get --raw /version --repeat 1').repetition, { times: 1, warmup: 0 });
    assert.equal(get('get pods').repetition, undefined);
  });

  const refused: readonly (readonly [line: string, message: RegExp])[] = [
    ['get', /must specify the type of resource/],
    ['get pods,', /a type is missing/],
    ['get pods, svc', /must have a single resource and name/],
    ['get pods web -l app=web', /name cannot be provided when a selector is specified/],
    ['get pods/web -l app=web', /selectors and the all flag cannot be used/],
    ['get pods pods/a', /no need to specify a resource type as a separate argument/],
    ['get pods ../../secrets', /no need to specify a resource type as a separate argument/],
    ['get pods/a/b', /may not have more than one slash/],
    ['get pods/', /must have a single resource and name/],
    ['get pods,svc/a', /must have a single resource and name/],
    ['get pods --subresource status', /subresource cannot be used when bulk resources/],
    ['get pods --chunk-size -1', /zero or more/],
    ['get pods --chunk-size many', /must be a whole number/],
    ['get pods --resource-version-match Exact', /together with --resource-version/],
    ['get pods --resource-version 1 --resource-version-match Newest', /must be Exact or NotOlderThan/],
    ['get pods -w', /a watch needs an end here/],
    ['get pods --for 3s', /give -w as well/],
    ['get pods -w --for-events 0', /a watch of nothing/],
    ['get pods,svc -w --for 3s', /may only watch a single resource or type/],
    ['get pods a b -w --for 3s', /may only watch a single resource or type/],
    ['get nodes --raw /readyz', /arguments may not be passed when --raw/],
    ['get --raw readyz', /must be a path that begins with "\/"/],
    ['get pods --repeat 0', /--repeat 0 would send nothing/],
    ['get pods --repeat 1000', /--repeat 1000 is more than 200/],
    ['get pods --warmup 2', /--warmup needs --repeat/],
    ['get pods a b --repeat 2', /only one request can be repeated/],
    ['delete pod a --repeat 2', /repeat/],
    ['get pods --redact --show-response', /--redact and --show-response cannot be used together/],
    ['get pods -w --for 3s --repeat 2', /a watch cannot be repeated/],
    ['get --raw /api -A', /--raw may not be specified with flags that filter/],
    ['get --raw /api -w --for 3s', /--raw may not be specified with flags that filter/],
    ['get pods --show-response=custom', /must be table, wide, json, yaml or name/],
  ];
  for (const [line, message] of refused) {
    test(`invalid: ${line}`, () => assert.match(usageError(line.split(' ')).message, message));
  }
});

/** The command line of kubectl that a command line stands for. */
function kubectl(line: string): string {
  const invocation = parse(line.split(' '), {}) as PassedInvocation | DelegatedInvocation;
  assert.ok(invocation.kind === 'kubectl' || invocation.kind === 'delegated', line);
  return `${invocation.kind}: ${invocation.command.slice(1).join(' ')}`;
}

suite('what is not a native verb is for kubectl', () => {
  for (const [line, expected] of [
    ['describe pod web', 'kubectl: describe pod web'],
    ['-n shop -o json describe pod web -o yaml', 'kubectl: describe --namespace=shop pod web -o yaml'],
    ['exec -it web -n shop -- get -o x --token y', 'kubectl: exec --namespace=shop -it web -- get -o x --token y'],
    ['logs -f web --context a --kubeconfig f', 'kubectl: logs --context=a -f web'],
    ['top nodes -s https://h --token t -v 6', 'kubectl: top nodes -v 6'],
    ['set subject rolebinding a --user jane', 'kubectl: set subject rolebinding a --user jane'],
    ['run web --image web -- sleep 5', 'kubectl: run web --image web -- sleep 5'],
    ['apply view-last-applied -f a', 'kubectl: apply view-last-applied -f a'],
  ] as const) {
    test(line, () => assert.equal(kubectl(line), expected));
  }
  test('flags before the verb are ours, and connection flags count in both places', () => {
    const { connection, draw, traceOutput, args } = parse(
      [
        '-o',
        'json',
        '--trace-output=t',
        '--context',
        'a',
        'describe',
        'po',
        '--context',
        'b',
        '-n',
        'c',
        '--token',
        'x',
      ],
      {},
    ) as PassedInvocation;
    assert.deepEqual([draw.output, traceOutput], ['json', 't']);
    assert.deepEqual([connection.context, connection.namespace, connection.token], ['b', 'c', 'x']);
    assert.equal(args.join(' '), '-o json --trace-output=t --context a describe po --context b -n c --token REDACTED');
  });
  test('commands that send nothing keep the whole command line', () => {
    for (const line of ['config set-context a --user b', 'kustomize .', 'plugin list', 'describe --help']) {
      const { isLocal, plainCommand } = parse(['--kubeconfig=f', ...line.split(' ')], {}) as PassedInvocation;
      const [verb, ...rest] = line.split(' ');
      assert.deepEqual([isLocal, plainCommand], [true, ['kubectl', verb, '--kubeconfig=f', ...rest]]);
    }
    assert.equal((parse(['describe', 'pod'], {}) as PassedInvocation).isLocal, false);
  });
  test('their help is that of kubectl', () => {
    const { reason, hint } = usageError(['help', 'expose']);
    assert.deepEqual([reason, hint], ['NotOurCommand', 'its help: kubectl trace expose --help']);
  });
  test("a flag of ours that kubectl's command does not have is an error before it", () => {
    const { message, hint } = usageError(['--repeat', '3', 'describe', 'pod']);
    assert.equal(message, 'unknown flag: --repeat');
    assert.equal(hint, '--repeat is a flag of get; flags of kubectl stand behind describe');
  });
});

suite('a native verb with a flag that is not sent here is sent by kubectl', () => {
  for (const [line, expected] of [
    ['get pods --sort-by .metadata.name', 'delegated: get pods --sort-by .metadata.name'],
    ['get pods -Lapp --wait 0 -Aojson', 'delegated: get pods -Lapp -A'],
    ['get pods -Lo -o json', 'delegated: get pods -Lo'],
    ['get -f web.yaml --show-response=wide', 'delegated: get --output=wide -f web.yaml'],
    ['get -k . -n shop', 'delegated: get --namespace=shop -k .'],
    ['apply -f web.yaml', 'delegated: apply -f web.yaml'],
    ['apply --server-side=false -f web.yaml', 'delegated: apply --server-side=false -f web.yaml'],
    ['apply --server-side -k .', 'delegated: apply --server-side -k .'],
    ['create ns shop --show-response', 'delegated: create ns shop'],
    ['create job a --image b -o json -- run -o x', 'delegated: create job a --image b -- run -o x'],
    ['create -f https://example.test/web.yaml', 'delegated: create -f https://example.test/web.yaml'],
    ['delete -k .', 'delegated: delete --wait=false -k .'],
    ['patch -f web.yaml -p {}', 'delegated: patch -f web.yaml -p {}'],
    ['replace --save-config -f a', 'delegated: replace --save-config -f a'],
  ] as const) {
    test(line, () => assert.equal(kubectl(line), expected));
  }
  test('others are sent here', () => {
    for (const line of ['get pods -l app=web -A', 'apply --server-side -f a', 'create -f a', 'delete pod a --now']) {
      assert.match(parse(line.split(' '), {}).kind, /^(?:get|apply|create|delete)$/, line);
    }
  });
  test('delete takes the --wait=false of scripts, which is how it works here', () => {
    assert.deepEqual(parse(['delete', 'pod', 'a', '--wait=false'], {}), parse(['delete', 'pod', 'a'], {}));
    assert.equal(kubectl('delete -k . --wait=F --wait 0'), 'delegated: delete --wait=false -k .');
    const named = parse(['delete', 'pod', 'a', '--', '--wait=false'], {});
    assert.ok(JSON.stringify(named).includes('--wait=false'), 'a name behind two dashes');
    for (const line of ['delete pod a --wait=true', 'get pods --wait=false'])
      assert.throws(() => parse(line.split(' '), {}), { name: 'UsageError' }, line);
  });
  test('our flags for our own requests are refused', () => {
    assert.match(usageError(['get', 'pods', '-L', 'app', '--repeat', '3']).message, /--repeat is for requests/);
  });
  test('a misspelled flag is an unknown flag', () => {
    assert.match(usageError(['create', '-f', 'web.yaml', '-g']).message, /unknown shorthand flag: 'g'/);
  });
});

suite('flags are read as pflag reads them', () => {
  test('values may be attached to a flag', () => {
    const invocation = get('get pods -Aojson -lapp=web --context=a');
    assert.equal(invocation.allNamespaces, true);
    assert.equal(invocation.draw.output, 'json');
    assert.equal(invocation.labelSelector, 'app=web');
    assert.equal(invocation.connection.context, 'a');
    assert.equal(get('get pods -n=shop').connection.namespace, 'shop');
    assert.equal(get('get pods -nkube-system').connection.namespace, 'kube-system');
  });
  test('the last value wins', () => assert.equal(get('get pods -n a --namespace=b').connection.namespace, 'b'));
  test('list flags accumulate', () => {
    assert.deepEqual(get('get pods --as me --as-group a --as-group=b').connection.asGroup, ['a', 'b']);
  });
  test('booleans are accepted in the forms of Go', () => {
    assert.equal(get('get pods -A --all-namespaces=false').allNamespaces, false);
    assert.equal(get('get pods -A=F').allNamespaces, false);
    assert.equal(get('get pods --require-complete=1').lookup.requireComplete, true);
    assert.deepEqual(names('get pods --ascii false'), ['pods false'], 'a boolean takes no separate value');
  });
  test('any text is accepted as a value, unchanged', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (first, second) => {
        const argv = ['get', 'pods', '-l', first, `--as=${second}`, '--as-group', second, `--as-group=${first}`];
        const invocation = parse(argv, {}) as GetInvocation;
        assert.equal(invocation.labelSelector ?? '', first.trim());
        assert.equal(invocation.connection.as ?? '', second);
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
  test('any command line parses or is a usage error', () => {
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
    // Only its own flags are suggested.
    ['version --foo', 'unknown flag: --foo', 'kubectl trace version --help lists the flags of version'],
    ['version --contxt x', 'unknown flag: --contxt', 'Did you mean "--context"?'],
    ['pod web --repeet 3', 'unknown flag: --repeet', 'kubectl trace pod --help lists the flags of pod'],
    ['--bakend x version', 'unknown flag: --bakend', 'Did you mean "--backend"?'],
    ['version --short', 'unknown flag: --short', 'kubectl trace version --help lists the flags of version'],
    ['get pods -Ax', "unknown shorthand flag: 'x' in -x"],
    ['get pods --namespace', 'flag needs an argument: --namespace'],
    ['get pods -An', "flag needs an argument: 'n' in -n"],
    ['get pods --=x', 'bad flag syntax: --='],
    ['get pods -A=maybe', 'invalid argument "maybe" for "-A, --all-namespaces" flag: must be true or false'],
    [
      'get pods -o yml',
      'invalid argument "yml" for "-o, --output" flag: must be tree, wide, summary, json, yaml, jsonpath=TEMPLATE, name, otlp, perfetto, speedscope, folded, markdown, html or svg',
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
  test('defaults to 30s, and counts as explicit only if typed', () => {
    assert.deepEqual(get('get pods').lookup, {
      wait: 30e9,
      waitIsExplicit: false,
      backendIsExplicit: false,
      waitIsDefault: true,
      metrics: 'auto',
      metricsIsExplicit: false,
      requireComplete: false,
      history: true,
    });
    assert.equal(get('get pods', { KUBECTL_TRACE_WAIT: '5s' }).lookup.wait, 5e9);
    assert.equal(get('get pods', { KUBECTL_TRACE_WAIT: '5s' }).lookup.waitIsExplicit, false);
    assert.equal(get('get pods', { KUBECTL_TRACE_WAIT: '5s' }).lookup.waitIsDefault, false);
    const typed = get('get pods --wait 0', { KUBECTL_TRACE_WAIT: '5s' }).lookup;
    assert.deepEqual([typed.wait, typed.waitIsExplicit, typed.waitIsDefault], [0, true, false]);
  });
  for (const value of ['true', 'false', '-1s', '5']) {
    test(`rejects ${value}: it takes a duration, and applies only to the trace`, () => {
      const { message } = usageError(['get', 'pods', `--wait=${value}`]);
      assert.match(message, /must be a duration such as 30s.*only about looking for the trace$/);
    });
  }
});

suite('environment variables', () => {
  test('rank after flags and before defaults, and may be empty', () => {
    assert.equal(get('get pods', { KUBECTL_TRACE_OUTPUT: 'json' }).draw.output, 'json');
    assert.equal(get('get pods -o tree', { KUBECTL_TRACE_OUTPUT: 'json' }).draw.output, 'tree');
    assert.equal(get('get pods', { KUBECTL_TRACE_OUTPUT: '' }).draw.output, 'tree');
    assert.equal(get('get pods', { KUBECTL_TRACE_ASCII: 'true' }).draw.ascii, true);
  });
  test('are named in errors about their value', () => {
    const { message } = usageError(['get', 'pods'], { KUBECTL_TRACE_WIDTH: 'wide' });
    assert.match(message, /^invalid argument "wide" for KUBECTL_TRACE_WIDTH: /);
  });
  test("do not set kubectl's own flags", () => {
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
  test('are not repeated in errors', () => {
    for (const argv of [[`--tokn=${secret}`], [`--=${secret}`], [`-x${secret}`], [`-t${secret}`]]) {
      const { message, hint = '' } = usageError(['get', 'pods', ...argv]);
      assert.doesNotMatch(message + hint, /s3cr3t/);
    }
  });
  test('other arguments are stored as typed', () => {
    const argv = ['get', 'pods', '-Aojson', '-l', '--token', '--', '--token', 'x'];
    assert.deepEqual((parse(argv.slice(0, 5), {}) as GetInvocation).args, argv.slice(0, 5));
  });
});
