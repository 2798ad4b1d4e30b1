import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import packageJSON from '../../../package.json' with { type: 'json' };
import { environmentName } from '../../../src/cli/flag.ts';
import { usageLine } from '../../../src/commands/help/text.ts';
import { COMMANDS, FLAGS, VERBS } from '../../../src/commands/index.ts';
import { KUBECTL_COMMANDS } from '../../../src/commands/kubectl-words.ts';
import { parse } from '../../../src/commands/parse.ts';
import { codeOf, markdownDocuments, type Code } from '../../support/markdown.ts';
import { commandsOf } from '../../support/shell-words.ts';

/** Lines that stand for many commands: `kubectl trace get TYPE [NAME …] [flags]`. */
const USAGES: ReadonlySet<string> = new Set(Object.values(COMMANDS).flatMap(({ usage }) => usage.map(usageLine)));

const KNOWN_FLAGS: ReadonlySet<string> = new Set(FLAGS.map(({ name }) => `--${name}`));

/** Flags of other programs that documents name. */
const FLAGS_OF_OTHERS: Readonly<Record<string, string>> = {
  '--audit-log-mode': 'kube-apiserver',
  '--audit-log-path': 'kube-apiserver',
  '--audit-webhook-mode': 'kube-apiserver',
  '--authentication-token-webhook-config-file': 'kube-apiserver',
  '--bound-object-kind': 'kubectl',
  '--cacert': 'curl',
  '--distributed-tracing-address': 'etcd',
  '--edit': 'kubectl',
  '--enable-distributed-tracing': 'etcd',
  '--encryption-key': 'a client of run',
  '--experimental-distributed-tracing-address': 'etcd',
  '--experimental-distributed-tracing-sampling-rate': 'etcd',
  '--experimental-enable-distributed-tracing': 'etcd',
  '--extra-config': 'minikube',
  '--failures': 'npm run fuzz',
  '--feature-gates': 'kube-apiserver',
  '--from-literal': 'kubectl',
  '--jobs': 'npm run fuzz',
  '--previous': 'kubectl',
  '--prune': 'kubectl',
  '--rate': 'npm run soak',
  '--save-config': 'kubectl',
  '--sort-by': 'kubectl',
};

/** The flags in a code span that begins with one: `--metrics=delta`, `--wait 0`. */
const flagsIn = ({ text, isSpan }: Code): readonly string[] =>
  isSpan && text.startsWith('--') ? (text.match(/(?<=^|\s)--[a-z][a-z-]+/g) ?? []) : [];

/** The arguments of `kubectl trace` in a line of code, for each time that it is called there. */
function callsIn({ text, isOutput }: Code): readonly (readonly string[])[] {
  if (isOutput || USAGES.has(text)) return [];
  // A shell takes the file that the output goes to.
  return commandsOf(text.replace(/^\$ /, '').replace(/ > [\w./-]+(?= *#|$)/, '')).flatMap(
    ([program, plugin, ...args]) => (program === 'kubectl' && plugin === 'trace' ? [args] : []),
  );
}

/** A command to type: all of it has to be understood. Throws otherwise. */
function assertParses(args: readonly string[]): void {
  const { invocation } = parse(args, {});
  if (invocation.kind === 'kubectl') assert.ok(KUBECTL_COMMANDS.has(invocation.verb), `no command ${invocation.verb}`);
}

/** A command that a sentence names, perhaps with a word in capitals or a flag without its value. */
function assertExists(args: readonly string[]): void {
  // Another way to write `kubectl trace version`.
  if (args.join(' ') === '--version') return;
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const verb = own.find((word) => /^[a-z]/.test(word));
  const known = new Set<string>([...VERBS, ...KUBECTL_COMMANDS]);
  if (own[0] === verb && verb !== undefined) assert.ok(known.has(verb), `no command ${verb}`);
  if (verb !== undefined && KUBECTL_COMMANDS.has(verb)) return;
  const flags = own.flatMap((word) => /^--[a-z-]+/.exec(word) ?? []);
  assert.deepEqual(
    flags.filter((flag) => !KNOWN_FLAGS.has(flag)),
    [],
  );
}

/** Variables that are no flag's. */
const WITHOUT_FLAG = [
  'KUBECTL_TRACE_BENCH_JAEGER_UI',
  'KUBECTL_TRACE_COMPLETION_TIMEOUT',
  'KUBECTL_TRACE_PASSED_ON',
  'KUBECTL_TRACE_TEST_ENVTEST_MIRROR',
  'KUBECTL_TRACE_TEST_ENVTEST_SHA512',
];

suite('documents: commands', () => {
  for (const { path, text } of markdownDocuments()) {
    const code = codeOf(text);

    test(`${path}: its commands parse`, () => {
      for (const piece of code) {
        for (const args of callsIn(piece)) {
          const check = piece.isSpan ? assertExists : assertParses;
          assert.doesNotThrow(() => check(args), `line ${piece.line}: ${piece.text}`);
        }
      }
    });

    test(`${path}: its npm scripts exist`, () => {
      const named = code.flatMap((piece) =>
        [...piece.text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name = '']) => name),
      );
      assert.deepEqual(
        named.filter((name) => !Object.hasOwn(packageJSON.scripts, name)),
        [],
      );
    });

    test(`${path}: its environment variables exist`, () => {
      const known = [...FLAGS.map(environmentName), ...WITHOUT_FLAG];
      const named = text.match(/\bKUBECTL_TRACE_[A-Z0-9_]+/g) ?? [];
      assert.deepEqual(
        named.filter((name) => !known.includes(name)),
        [],
      );
    });
  }

  test('flags that a sentence names are ours, or those of another program', () => {
    const named = markdownDocuments()
      // Decisions and changes are of their time.
      .filter(({ path }) => /^(?:README\.md|docs\/[\w-]+\.md)$/.test(path))
      .flatMap(({ path, text }) =>
        codeOf(text)
          .flatMap(flagsIn)
          .map((flag) => ({ path, flag })),
      );
    const others = new Set(Object.keys(FLAGS_OF_OTHERS));
    assert.ok(named.length > 100);
    assert.deepEqual(
      named.filter(({ flag }) => !KNOWN_FLAGS.has(flag) && !others.has(flag)),
      [],
    );
    const unused = [...others].filter((flag) => !named.some((one) => one.flag === flag) || KNOWN_FLAGS.has(flag));
    assert.deepEqual(unused, [], 'no longer needed');
  });

  test('the file of a redirection is no argument', () => {
    const words = ['kubectl', 'trace', 'show', 'last'];
    for (const redirection of ['> a.svg', '>a.svg', '2> a.svg', '>> a.svg', '< a.json > b.svg'])
      assert.deepEqual(commandsOf(`kubectl trace show last ${redirection} # a file`), [words]);
  });

  test('a command that does not parse is found, in a block and in a sentence', () => {
    const blocks = ['    kubectl get ns | kubectl trace show --no-such-flag -', '```sh\nkubectl trace gett nodes\n```'];
    for (const block of blocks) {
      const calls = codeOf(block).flatMap(callsIn);
      assert.equal(calls.length, 1);
      assert.throws(() => assertParses(calls[0]!), block);
    }
    const [call = []] = codeOf('`kubectl trace show --no-such-flag`').flatMap(callsIn);
    assert.throws(() => assertExists(call));
    assert.throws(() => assertExists(['gett']));
    assert.deepEqual(codeOf('```text\nkubectl trace get nodes  17 ms\n```').flatMap(callsIn), []);
  });
});
