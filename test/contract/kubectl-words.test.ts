import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { KUBECTL_SUMMARIES } from '../../src/commands/complete/kubectl-summaries.ts';
import { kubectlFlags, NATIVE_VERBS, type NativeVerb } from '../../src/commands/kubectl/flags.ts';
import { KUBECTL_COMMANDS, WITH_WAIT, WITHOUT_OUTPUT, WITHOUT_REQUESTS } from '../../src/commands/kubectl-words.ts';
import { VERBS } from '../../src/commands/index.ts';
import { executables } from '../lab/cluster/build.ts';
import { runKubectl } from './kubectl.ts';

/** Names that both programs have and that mean ours; kubectl's are reached by `run -- kubectl`. */
const OURS = ['run', 'version', 'completion', 'help', 'options'];

/** Flags of kubectl with a value that may be left out, as pflag's NoOptDefVal says; its help does not show that. */
const IMPLIED = new Set(['cascade', 'dry-run', 'validate']);

let kubectl: string;
before(async () => {
  ({ kubectl } = await executables({ without: ['etcd', 'kube-apiserver', 'jaeger'] }));
});

/** Completion lists every command: a name, a tab and its explanation. */
async function summariesOfKubectl(): Promise<Record<string, string>> {
  const { stdout } = await runKubectl(kubectl, ['__complete', '']);
  return Object.fromEntries(
    [...stdout.matchAll(/^([a-z-]+)\t(.*)$/gm)].map(([, name = '', text = '']) => [name, text]),
  );
}

const commandsOfKubectl = async (): Promise<string[]> => Object.keys(await summariesOfKubectl());

suite('names of commands', () => {
  test('commands without --output and with --wait are those of kubectl', async () => {
    for (const name of WITHOUT_OUTPUT) {
      assert.doesNotMatch((await runKubectl(kubectl, [name, '--help'])).stdout, /^ +(?:-o, )?--output=/m, name);
    }
    for (const name of [...NATIVE_VERBS, 'run', 'describe', 'logs']) {
      const { stdout } = await runKubectl(kubectl, [name, '--help']);
      assert.equal(/^ +--wait=/m.test(stdout), WITH_WAIT.has(name), name);
    }
  });

  test('each command of kubectl is passed on, native or one of the documented five', async () => {
    const known = new Set([...KUBECTL_COMMANDS, ...NATIVE_VERBS, ...OURS]);
    assert.deepEqual(
      (await commandsOfKubectl()).filter((name) => !known.has(name)),
      [],
    );
  });

  test('commands that are passed on are completed with the words of kubectl', async () => {
    const theirs = Object.entries(await summariesOfKubectl()).filter(([name]) => KUBECTL_COMMANDS.has(name));
    assert.deepEqual(KUBECTL_SUMMARIES, Object.fromEntries(theirs));
  });

  test('a command of ours has the name of a command of kubectl only where that is documented', async () => {
    const theirs = new Set(await commandsOfKubectl());
    const shared = VERBS.filter((verb) => theirs.has(verb));
    const documented = new Set<string>([...NATIVE_VERBS, ...OURS]);
    assert.deepEqual(
      shared.filter((verb) => !documented.has(verb)),
      [],
    );
  });

  test('no command that is passed on has become a name of ours', () => {
    assert.deepEqual(
      VERBS.filter((verb) => KUBECTL_COMMANDS.has(verb)),
      [],
    );
  });

  test('commands that run without the proxy are kubectl’s, or those of its completion', async () => {
    const theirs = new Set([...(await commandsOfKubectl()), '__complete', '__completeNoDesc']);
    assert.deepEqual(
      [...WITHOUT_REQUESTS].filter((name) => !theirs.has(name)),
      [],
    );
  });
});

interface HelpFlag {
  readonly letter: string | undefined;
  readonly name: string;
  readonly isValued: boolean;
}

/** `    -f, --filename=[]:` */
async function flagsOfKubectl(verb: NativeVerb): Promise<HelpFlag[]> {
  const { stdout } = await runKubectl(kubectl, [verb, '--help']);
  return [...stdout.matchAll(/^ {4}(?:-(\w), )?--([\w-]+)=(.*):$/gm)].map(([, letter, name = '', value = '']) => ({
    letter,
    name,
    isValued: value !== 'true' && value !== 'false' && !IMPLIED.has(name),
  }));
}

suite('flags of the native verbs are those of kubectl', () => {
  for (const verb of NATIVE_VERBS) {
    test(verb, async () => {
      const theirs = await flagsOfKubectl(verb);
      const ours = kubectlFlags(verb);
      assert.ok(theirs.length > 5, 'the help has another form');
      const sorted = (names: readonly string[]): string[] => names.toSorted();
      assert.deepEqual(sorted(ours.names), sorted(theirs.map(({ name }) => name)));
      assert.deepEqual(
        sorted([...ours.valued]),
        sorted(theirs.flatMap(({ name, isValued }) => (isValued ? [name] : []))),
      );
      const letters = theirs.flatMap(({ letter, name }) => (letter === undefined ? [] : [`${letter} ${name}`]));
      assert.deepEqual(sorted([...ours.letters].map((pair) => pair.join(' '))), sorted(letters));
    });
  }
});
