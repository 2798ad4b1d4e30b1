import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Invocation } from '../../../../src/commands/index.ts';
import { parse } from '../../../support/parse.ts';
import { UsageError } from '../../../../src/errors.ts';

type Kind = Invocation['kind'];
function parsed<K extends Kind>(kind: K, line: string): Extract<Invocation, { kind: K }> {
  const invocation = parse(line.split(' '), {});
  assert.equal(invocation.kind, kind);
  return invocation as Extract<Invocation, { kind: K }>;
}

suite('files of write commands', () => {
  test('-f takes one or several files, in one flag or in many', () => {
    assert.deepEqual(parsed('create', 'create -f a,b -f - -R').files, { names: ['a', 'b', '-'], recursive: true });
    assert.deepEqual(parsed('apply', 'apply --server-side -fa').files, { names: ['a'], recursive: false });
  });
});

suite('write options', () => {
  const write = (flags: string): object => parsed('create', `create -f a${flags}`).write;
  const plain = { dryRun: false, fieldManager: 'kubectl-create', fieldValidation: 'Strict' };
  test('have defaults', () => assert.deepEqual(write(''), plain));
  test('include --dry-run', () => assert.deepEqual(write(' --dry-run=server'), { ...plain, dryRun: true }));
  test('treat a last --dry-run=none as no dry run', () =>
    assert.deepEqual(write(' --dry-run=server --dry-run=none'), plain));
  test('include the field manager', () =>
    assert.deepEqual(write(' --field-manager me'), { ...plain, fieldManager: 'me' }));
  for (const [flag, fieldValidation] of [
    ['--validate', 'Strict'],
    ['--validate=true', 'Strict'],
    ['--validate=warn', 'Warn'],
    ['--validate=false', 'Ignore'],
  ] as const) {
    test(flag, () => assert.deepEqual(write(` ${flag}`), { ...plain, fieldValidation }));
  }
  test('default to the field manager of the kubectl command', () => {
    assert.equal(parsed('replace', 'replace -f a').write.fieldManager, 'kubectl-replace');
    assert.equal(parsed('apply', 'apply -f a --server-side').write.fieldManager, 'kubectl');
    assert.equal(parsed('patch', 'patch cm a -p {}').write.fieldManager, 'kubectl-patch');
  });
});

suite('apply', () => {
  test('sends the requests itself with --server-side', () => {
    assert.equal(parsed('apply', 'apply -f a --server-side').forceConflicts, false);
    assert.equal(parsed('apply', 'apply -f a --server-side=1 --force-conflicts').forceConflicts, true);
  });
});

suite('patch', () => {
  test('takes type, name and patch', () => {
    const { names, patch, patchType } = parsed('patch', 'patch cm/a svc/b --type json -p []');
    assert.deepEqual(
      [names, patch, patchType],
      [
        [
          { type: 'cm', name: 'a' },
          { type: 'svc', name: 'b' },
        ],
        { text: '[]' },
        'json',
      ],
    );
    assert.deepEqual(parsed('patch', 'patch cm a --patch-file p.yaml').patch, { file: 'p.yaml' });
    assert.equal(parsed('patch', 'patch deploy a -p {} --subresource scale').subresource, 'scale');
    assert.equal(parsed('patch', 'patch cm a -p {} --type apply --force-conflicts').forceConflicts, true);
  });
});

suite('delete', () => {
  test('takes names, selectors or files', () => {
    assert.deepEqual(parsed('delete', 'delete cm a b').target, {
      kind: 'names',
      names: [
        { type: 'cm', name: 'a' },
        { type: 'cm', name: 'b' },
      ],
    });
    assert.deepEqual(parsed('delete', 'delete cm -l a=b').target, {
      kind: 'selected',
      types: ['cm'],
      labelSelector: 'a=b',
    });
    assert.deepEqual(parsed('delete', 'delete cm --all').target, { kind: 'selected', types: ['cm'] });
    assert.equal(parsed('delete', 'delete -f a').target.kind, 'files');
  });
  test('takes --grace-period, with 0 only if forced', () => {
    const seconds = (flags: string): number | undefined => parsed('delete', `delete pod a${flags}`).gracePeriodSeconds;
    assert.equal(seconds(''), undefined);
    assert.equal(seconds(' --grace-period -1'), undefined);
    assert.equal(seconds(' --grace-period=30'), 30);
    assert.equal(seconds(' --grace-period 0'), 1);
    assert.equal(seconds(' --grace-period 0x1e'), 30);
    assert.equal(seconds(' --now'), 1);
    assert.equal(seconds(' --force'), 0);
    assert.equal(seconds(' --force --grace-period 0'), 0);
  });
  test('ignores missing objects for a selector, but not for a name', () => {
    assert.equal(parsed('delete', 'delete cm a').ignoreNotFound, false);
    assert.equal(parsed('delete', 'delete cm -l a').ignoreNotFound, true);
    assert.equal(parsed('delete', 'delete cm -l a --ignore-not-found=false').ignoreNotFound, false);
  });
  test('--cascade without a value does not consume the next argument', () => {
    const { cascade, target } = parsed('delete', 'delete --cascade cm a');
    assert.deepEqual([cascade, target], ['background', { kind: 'names', names: [{ type: 'cm', name: 'a' }] }]);
  });
});

suite('raw', () => {
  test('takes a method, a path, data and headers', () => {
    const { method, path, data, headers } = parsed('raw', 'raw post /api?a=b --data @f --header X-Test:1');
    assert.deepEqual([method, path, data, headers], ['POST', '/api?a=b', { file: 'f' }, [['x-test', '1']]]);
    assert.deepEqual(parsed('raw', 'raw PUT / --data {}').data, { text: '{}' });
  });
});

test('request data is left out of the displayed and stored command line', () => {
  for (const line of [
    'patch cm a -p hidden',
    'patch cm a --patch=hidden',
    'patch cm a -phidden',
    'raw PUT /x --data hidden',
    'raw GET /x --header X:hidden',
  ]) {
    const invocation = parse(line.split(' '), {});
    assert.ok('args' in invocation);
    assert.ok(!invocation.args.join(' ').includes('hidden'), invocation.args.join(' '));
  }
});

suite('write commands reject', () => {
  for (const [line, message] of [
    ['create', /^must specify -f$/],
    ['apply --server-side -f a b', /^unexpected argument "b"$/],
    ['create -f a,', /^a file name is not valid$/],
    ['create -f a"b', /^a file name is not valid$/],
    ['create -f "a"b', /^a file name is not valid$/],
    ['create -f a --dry-run', /sends nothing, so there is nothing to trace$/],
    ['create -f a --dry-run=true', /sends nothing/],
    ['create -f a --dry-run=client', /sends nothing/],
    ['create -f a --dry-run=maybe', /^Invalid dry-run value \(maybe\)\. Must be "none", "server", or "client"\.$/],
    ['create -f a --validate=maybe', /^invalid - validate option "maybe"/],
    ['create -f a --validate=constructor', /^invalid - validate option/],
    ['create -f a --force-conflicts', /^unknown flag: --force-conflicts$/],
    ['patch cm a', /^must specify --patch or --patch-file/],
    ['patch cm a -p {} --patch-file f', /^cannot specify --patch and --patch-file together$/],
    ['patch cm -p {}', /^resource name may not be empty$/],
    ['patch -p {}', /^You must specify the type of resource to patch$/],
    ['patch cm a -p {} --type strategy', /must be strategic, merge, json or apply$/],
    ['patch cm a -p {} --force-conflicts', /is for --type apply/],
    ['delete', /^You must specify the type of resource to delete$/],
    ['delete cm', /no name was specified$/],
    ['delete cm a -l b', /^name cannot be provided when a selector is specified$/],
    ['delete cm/a -l b', /^selectors and the all flag cannot be used/],
    ['delete cm --selector=', /no name was specified$/],
    ['delete cm', /no name was specified$/],
    ['delete cm --all -l b', /at the same time$/],
    ['delete -f a cm', /^when files are given/],
    ['delete -f a --all', /^when files are given/],
    ['delete cm a --grace-period x', /must be a whole number$/],
    ['delete cm a --grace-period 1 --now', /cannot be specified together$/],
    ['delete cm a --grace-period 1 --force', /cannot be specified together$/],
    ['delete cm a --cascade=none', /^invalid cascade value \(none\)/],
    ['delete cm a --wait=true', /only about looking for the trace$/],
    ['raw', /^You must specify a method and a path$/],
    ['raw GET', /^You must specify a method and a path$/],
    ['raw CONNECT /x', /^"CONNECT" is not a method$/],
    ['raw GET /x y', /^unexpected argument "y"$/],
    ['raw GET /x --data {}', /^GET has no --data$/],
    ['raw PATCH /x --data {}', /^a PATCH must say what kind of patch it is$/],
    ['raw GET /x --header Authorization:hidden', /^the header authorization cannot be given$/],
    ['raw GET /x --header Impersonate-User:hidden', /^the header impersonate-user cannot be given$/],
    ['raw GET /x --header hidden', /^a header is not of the form/],
    ['raw GET /x --header A:hidden\r\nB:c', /^a header is not of the form/],
  ] as const) {
    test(JSON.stringify(line), () => {
      assert.throws(
        () => parse(line.split(' '), {}),
        (error) => {
          assert.ok(error instanceof UsageError, String(error));
          assert.match(error.message, message);
          assert.ok(!`${error.message}${error.hint}`.includes('hidden'));
          return true;
        },
      );
    });
  }
});
