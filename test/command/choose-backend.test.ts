import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TraceBackend } from '../../src/backend/backend.ts';
import { parse } from '../../src/cli/parse.ts';
import type { LookupFlags } from '../../src/cli/flags/lookup.ts';
import { chooseBackend, quietMillisIn, waitIn, type BackendChoice } from '../../src/command/choose-backend.ts';
import { testRuntime } from '../kube/fixture.ts';

const flags = (args: readonly string[], env: Readonly<Record<string, string>> = {}): LookupFlags => {
  const invocation = parse(['show', 'last', ...args], env);
  assert.ok(invocation.kind === 'show');
  return invocation.lookup;
};

interface Chosen {
  readonly choice: BackendChoice;
  readonly stderr: string;
}

async function choose(
  args: readonly string[],
  { env = {}, pasted }: { readonly env?: Readonly<Record<string, string>>; readonly pasted?: string } = {},
): Promise<Chosen> {
  let stderr = '';
  const runtime = testRuntime({ env, err: { write: (text) => void (stderr += text) } });
  return { choice: await chooseBackend(flags(args, env), runtime, pasted), stderr };
}

test('auto is no address: what is in the cluster is looked for again', async () => {
  const { choice } = await choose(['--backend', 'auto']);
  assert.deepEqual(choice, { spec: undefined, again: true, via: undefined, access: undefined });
});

suite('a secret on the command line works, and warns', () => {
  for (const [args, warns] of [
    [['--backend-header', 'Authorization: Bearer s3cret'], true],
    [['--backend-username', 'me', '--backend-password', 's3cret'], true],
    [['--backend-header', 'Authorization: Bearer $SECRET'], false],
    [['--backend-header', 'X-Scope-OrgID: team-a'], false],
  ] as const) {
    test(args.join(' '), async () => {
      const { choice, stderr } = await choose(args, { env: { SECRET: 's3cret' } });
      assert.ok(Object.keys(choice.access?.headers ?? {}).length > 0);
      assert.equal(/^Warning: the value of --backend-\w+ can be read by others/.test(stderr), warns, stderr);
      assert.doesNotMatch(stderr, /s3cret/);
    });
  }
});

suite('what the environment says of a backend', () => {
  const env = {
    KUBECTL_TRACE_BACKEND: 'http://jaeger.test',
    KUBECTL_TRACE_BACKEND_HEADER: 'Authorization: s3cret',
    KUBECTL_TRACE_BACKEND_TENANT: 'team-a',
  };
  for (const [what, args, pasted, sent] of [
    ['is sent to that backend', [], undefined, true],
    ['is sent to another page of it', [], 'http://jaeger.test/ui', true],
    ['is not sent to the host of a pasted address', [], 'http://other.test', false],
    ['is not sent to another port of the same host', [], 'http://jaeger.test:8080', false],
    ['is sent there when the command line says so', ['--backend-header', 'A: $USER'], 'http://other.test', true],
  ] as const) {
    test(what, async () => {
      const { choice } = await choose(args, { env: { ...env, USER: 'me' }, ...(pasted !== undefined && { pasted }) });
      assert.equal(choice.access !== undefined, sent);
      if (sent && args.length > 0) {
        assert.deepEqual(choice.access?.headers, { a: 'me' }, 'and only what it says');
        assert.equal(choice.access?.tenant, undefined);
      }
    });
  }
});

suite('how long is waited, and what silence means', () => {
  const of = (kind: TraceBackend['kind']): TraceBackend => ({ kind }) as TraceBackend;
  const seconds = (kind: TraceBackend['kind'], args: readonly string[], env = {}): number =>
    waitIn(of(kind), flags(args, env)) / 1e9;
  test('a backend that is slow by design is waited for longer, unless it is said how long', () => {
    assert.equal(seconds('jaeger', []), 30);
    assert.equal(seconds('tempo', []), 45);
    assert.equal(seconds('victoriatraces', []), 90);
    assert.equal(seconds('unknown', []), 30);
    assert.equal(seconds('victoriatraces', ['--wait', '5s']), 5);
    assert.equal(seconds('victoriatraces', [], { KUBECTL_TRACE_WAIT: '30s' }), 30);
  });
  test('what is shown late is not missed early', () => {
    assert.equal(quietMillisIn(of('jaeger'), 7000), 7000);
    assert.equal(quietMillisIn(of('victoriatraces'), 7000), 0);
    assert.equal(quietMillisIn(of('victoriatraces'), 27_000), 7000);
  });
});
