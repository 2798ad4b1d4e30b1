import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import type { TraceBackend } from '../../../../src/backend/backend.ts';
import { parse } from '../../../support/parse.ts';
import type { LookupFlags } from '../../../../src/cli/options/lookup.ts';
import type { BackendChoice } from '../../../../src/tracing/backend/choice.ts';
import { chooseBackend, quietMillisIn, waitIn } from '../../../../src/tracing/backend/choose.ts';
import type { UsageError } from '../../../../src/errors.ts';
import { testRuntime } from '../../kube/fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-token-'));
after(() => rmSync(folder, { recursive: true }));
const TOKEN = join(folder, 'token');
writeFileSync(TOKEN, 's3cret\n');

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

test('--backend auto is not a URL: the backend of the cluster is detected again', async () => {
  const { choice } = await choose(['--backend', 'auto']);
  assert.deepEqual(choice, { spec: undefined, again: true, via: undefined, access: undefined });
});

suite('a secret on the command line works, with a warning', () => {
  for (const [args, warns] of [
    [['--backend-header', 'Authorization: Bearer s3cret'], true],
    [['--backend-username', 'me', '--backend-password', 's3cret'], true],
    [['--backend-header', 'Authorization: Bearer $SECRET'], false],
    [['--backend-header', 'X-Scope-OrgID: team-a'], false],
  ] as const) {
    test(args.join(' '), async () => {
      const env = { SECRET: 's3cret', KUBECTL_TRACE_BACKEND: 'http://jaeger.test' };
      const { choice, stderr } = await choose(args, { env });
      assert.ok(Object.keys(choice.access?.headers ?? {}).length > 0);
      assert.equal(/^Warning: the value of --backend-\w+ can be read by other users/.test(stderr), warns, stderr);
      assert.doesNotMatch(stderr, /s3cret/);
    });
  }
});

suite('backend environment variables', () => {
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

suite('credentials are sent only to an explicitly configured backend', () => {
  const credentials: readonly (readonly [
    what: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ])[] = [
    ['a header', ['--backend-header', 'Authorization: $S'], { KUBECTL_TRACE_BACKEND_HEADER: 'Authorization: $S' }],
    ['a token file', ['--backend-token-file', TOKEN], { KUBECTL_TRACE_BACKEND_TOKEN_FILE: TOKEN }],
    [
      'a password',
      ['--backend-username', 'me', '--backend-password', '$S'],
      { KUBECTL_TRACE_BACKEND_USERNAME: 'me', KUBECTL_TRACE_BACKEND_PASSWORD: '$S' },
    ],
    ['any other header', ['--backend-header', 'X-Whatever: $S'], { KUBECTL_TRACE_BACKEND_HEADER: 'X-Whatever: $S' }],
  ];
  for (const [what, args, env] of credentials) {
    for (const auto of [[], ['--backend', 'auto']]) {
      test(`${what} on the command line without a backend ${auto.join(' ')}`, async () => {
        await assert.rejects(choose([...args, ...auto], { env: { S: 's3cret' } }), (error: UsageError) => {
          assert.equal(error.reason, 'BackendRequired');
          assert.match(error.hint ?? '', /--backend NAMESPACE\/NAME/);
          return true;
        });
      });
      test(`${what} in the environment without a backend ${auto.join(' ')}`, async () => {
        const { choice } = await choose(auto, { env: { ...env, S: 's3cret', KUBECTL_TRACE_BACKEND_TENANT: 'team-a' } });
        assert.deepEqual([choice.withheld, choice.access?.headers, choice.access?.tenant], [true, {}, 'team-a']);
      });
      test(`${what} in the environment and a pasted address ${auto.join(' ')}`, async () => {
        const { choice } = await choose(auto, { env: { ...env, S: 's3cret' }, pasted: 'http://other.test' });
        assert.equal(choice.access, undefined);
      });
    }
    test(`${what} is sent to an explicitly configured Service`, async () => {
      const { choice } = await choose(['--backend', 'shop/jaeger'], { env: { ...env, S: 's3cret' } });
      assert.match(JSON.stringify(choice.access?.headers), /s3cret|bTpz|bWU6/);
      assert.deepEqual(choice.spec?.service, { namespace: 'shop', name: 'jaeger' });
    });
  }
  test('a tenant is not a credential', async () => {
    const { choice } = await choose(['--backend-header', 'X-Scope-OrgID: team-a']);
    assert.deepEqual([choice.withheld, choice.access?.headers], [undefined, { 'x-scope-orgid': 'team-a' }]);
  });
  test('two Services behind the same API server are different backends', async () => {
    const at = (name: string): string => `https://api.test/api/v1/namespaces/x/services/http:${name}:80/proxy`;
    const env = { KUBECTL_TRACE_BACKEND: at('jaeger'), KUBECTL_TRACE_BACKEND_HEADER: 'Authorization: s3cret' };
    assert.equal((await choose([], { env, pasted: at('other') })).choice.access, undefined);
    assert.ok((await choose([], { env, pasted: `${at('jaeger')}/ui` })).choice.access);
  });
});

suite('the wait for a trace, and an empty search result', () => {
  const of = (kind: TraceBackend['kind']): TraceBackend => ({ kind }) as TraceBackend;
  const seconds = (kind: TraceBackend['kind'], args: readonly string[], env = {}): number =>
    waitIn(of(kind), flags(args, env)) / 1e9;
  test('is longer for a backend that is slow by design, unless --wait is set', () => {
    assert.equal(seconds('jaeger', []), 30);
    assert.equal(seconds('tempo', []), 45);
    assert.equal(seconds('victoriatraces', []), 90);
    assert.equal(seconds('unknown', []), 30);
    assert.equal(seconds('victoriatraces', ['--wait', '5s']), 5);
    assert.equal(seconds('victoriatraces', [], { KUBECTL_TRACE_WAIT: '30s' }), 30);
  });
  test('is not taken as proof too early from a backend that shows traces late', () => {
    assert.equal(quietMillisIn(of('jaeger'), 7000), 7000);
    assert.equal(quietMillisIn(of('victoriatraces'), 7000), 0);
    assert.equal(quietMillisIn(of('victoriatraces'), 27_000), 7000);
  });
});
