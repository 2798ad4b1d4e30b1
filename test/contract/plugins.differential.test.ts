import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { executables } from '../lab/cluster/build.ts';
import { exec } from './differential/plugins/case.ts';
import { PluginComparison } from './differential/plugins/comparison.ts';
import { FILE_CASES } from './differential/plugins/file-cases.ts';
import { POLICY_CASES } from './differential/plugins/policy-cases.ts';
import { USER_CASES } from './differential/plugins/user-cases.ts';

/** Titles of the cases of policies and files that `run` goes through as well: it starts two programs for each. */
const ALSO_RUN: ReadonlySet<string> = new Set([
  'no kuberc',
  'DenyAll',
  'DenyAll with a list',
  'the path of the plugin',
  'the path of another plugin',
  'the name of a plugin of the PATH',
  'another path with the name of a plugin of the PATH',
  '--kuberc',
  'KUBERC names another file',
  'KUBERC names a file that does not exist',
  'KUBERC=off',
  'an unknown version',
]);

/** The real kubectl says when a credential plugin runs, and whose credentials a request carries. */
let comparison: PluginComparison;

suite('a credential plugin runs exactly when kubectl runs it', () => {
  before(async () => {
    const { kubectl } = await executables({ without: ['etcd', 'kube-apiserver', 'jaeger'] });
    comparison = await PluginComparison.start(kubectl);
  });
  after(() => comparison?.stop());

  for (const [what, cases] of [
    ['policies', POLICY_CASES],
    ['the kuberc', FILE_CASES],
    ['other credentials', USER_CASES],
  ] as const) {
    suite(what, () => {
      for (const one of cases) test(one.title, () => comparison.check(one, 'ours'));
    });
  }

  suite('for the proxy of run', () => {
    const policies = [...POLICY_CASES, ...FILE_CASES].filter(({ title }) => ALSO_RUN.has(title));
    for (const one of [...policies, ...USER_CASES]) test(one.title, () => comparison.check(one, 'run'));

    test('every title belongs to a case', () => assert.equal(policies.length, ALSO_RUN.size));
  });

  suite('in a terminal', () => {
    const input = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default"}}\n';
    const create = ['create', '--validate=false', '-f', '-'];
    const get = ['get', 'configmaps'];

    for (const mode of ['IfAvailable', 'Always', 'Never']) {
      const one = { title: '', user: exec('FOLDER/plugin', { interactiveMode: mode }), ran: true, sent: undefined };

      test(`${mode}: the plugin may prompt its user for a get`, async () => {
        const kubectl = await comparison.made('kubectl', one, { args: get, input: '' });
        const ours = await comparison.made('ours', one, { args: get, input: '' });
        const run = await comparison.made('run', one, { args: get, input: '' });
        for (const made of [kubectl, ours, run]) {
          assert.equal(made.code, 0, made.stderr);
          assert.deepEqual([...new Set(made.ran)], [mode !== 'Never'], made.stderr);
        }
      });

      test(`${mode}: the plugin does not get the terminal that objects are read from`, async () => {
        const kubectl = await comparison.made('kubectl', one, { args: create, input });
        const ours = await comparison.made('ours', one, { args: create, input });
        const run = await comparison.made('run', one, { args: create, input });
        const said = [kubectl, ours, run].map(({ code, stderr }) => `${code}: ${stderr}`).join('\n');
        // kubectl runs it for discovery too, where it does not yet know that it is reading objects.
        assert.equal(kubectl.ran.at(-1), mode !== 'Never' && mode !== 'IfAvailable', said);
        assert.deepEqual(ours.ran, mode === 'Always' ? [] : [false], said);
        // kubectl says itself why it cannot be run through the proxy.
        assert.deepEqual(run.ran, mode === 'Always' ? kubectl.ran : [false], said);
        for (const made of [ours, run]) {
          assert.deepEqual(made.sent, kubectl.sent, said);
          assert.equal(made.code === 0, kubectl.code === 0, said);
        }
        if (mode !== 'Always') return;
        const refusal = /standard input is unavailable: used by stdin resource manifest reader/;
        for (const made of [kubectl, ours, run]) assert.match(made.stderr, refusal);
      });
    }

    test('a plugin prompts its user before a command is run, and leaves the terminal to the command while it runs', async () => {
      comparison.server.refused = 'Bearer from-plugin';
      const one = { title: '', user: exec('FOLDER/plugin', { interactiveMode: 'IfAvailable' }), ran: true, sent: null };
      const run = await comparison.made('run', one, { args: get, input: '' });
      comparison.server.refused = undefined;
      assert.notEqual(run.code, 0, run.stderr);
      assert.equal(run.ran[0], true, run.stderr);
      // Its token was refused, so it has run again.
      assert.deepEqual([...new Set(run.ran.slice(1))], [false], run.stderr);
    });
  });
});
