import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { CompletingUser } from '../support/completing.ts';
import { SHELL_NAMES, startOf, whyNoShell, type ShellName } from '../support/shells.ts';
import { openTerminal, whyNoTerminal, type TerminalScreen } from '../support/tmux.ts';

/** Real shells in real terminals, with kubectl's own scripts, a real kubectl and a real API server. */
const cluster = sharedCluster();
let user: CompletingUser;
let made: Promise<void> | undefined;
/** Hooks of the file itself run before there is a cluster. */
const scene = (): Promise<void> => (made ??= makeScene());

async function makeScene(): Promise<void> {
  const { binaries, kubeconfig } = cluster();
  user = new CompletingUser(binaries.kubectl, 'kubectl-trace', { KUBECONFIG: kubeconfig });
  await user.kubectl('trace', 'completion', '--install');
  for (const name of ['spans.json', 'web.yaml']) writeFileSync(join(user.folder, name), '');
  for (const name of ['web-settings', 'web-texts']) {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
    const { status } = await cluster().call('POST', '/api/v1/namespaces/default/configmaps', { body });
    assert.equal(status, 201);
  }
}
after(() => user.remove());

/** The scripts of kubectl and of this program, as their help says to load them. */
const SETUP: Readonly<Record<ShellName, string>> = {
  bash: 'source <(kubectl completion bash)\nsource <(kubectl-trace completion bash)',
  zsh: 'source <(kubectl completion zsh)\nsource <(kubectl-trace completion zsh)',
  fish: 'kubectl completion fish | source\nkubectl-trace completion fish | source',
};

/** A shell at its prompt. */
async function open(context: TestContext, shell: ShellName): Promise<TerminalScreen> {
  const start = await startOf(shell, join(user.folder, 'config'), SETUP[shell]);
  const env = { ...user.env, TERM: 'xterm-256color' };
  const screen = await openTerminal(context, start, { columns: 120, rows: 40, env });
  await screen.until((lines) => lines.at(-1) === '$');
  return screen;
}

/** Types the beginning of a line and a tab. Resolves when the line is this one, and then clears it. */
async function becomes(screen: TerminalScreen, typed: string, line: string): Promise<void> {
  await screen.press(typed, 'Tab');
  await screen.until((lines) => lines.some((shown) => shown === `$ ${line}`));
  await screen.press('C-u');
  await screen.press('C-l');
  await screen.until((lines) => lines.join('') === '$');
}

/** Types the beginning of a line and a tab. Resolves when all choices are on the screen below the line. */
async function offers(screen: TerminalScreen, typed: string, choices: readonly string[]): Promise<void> {
  await screen.press(typed, 'Tab');
  await screen.until((lines) => choices.every((choice) => lines.slice(1).join(' ').includes(choice)));
  await screen.press('C-c');
  await screen.press('C-l');
  await screen.until((lines) => lines.join('') === '$');
}

for (const shell of SHELL_NAMES) {
  suite(`completion in ${shell}`, { skip: whyNoTerminal() || whyNoShell(shell), timeout: 600_000 }, () => {
    before(scene);

    test('kubectl trace, by kubectl', async (t) => {
      const screen = await open(t, shell);
      await becomes(screen, 'kubectl trace rollo', 'kubectl trace rollout');
      await becomes(screen, 'kubectl trace get --repe', 'kubectl trace get --repeat');
      await becomes(screen, 'kubectl trace get --metrics=d', 'kubectl trace get --metrics=delta');
      await becomes(screen, 'kubectl trace get namesp', 'kubectl trace get namespaces');
      await becomes(screen, 'kubectl trace get configmaps web-s', 'kubectl trace get configmaps web-settings');
      await becomes(screen, 'kubectl trace get configmap/web-t', 'kubectl trace get configmap/web-texts');
      await becomes(screen, 'kubectl trace get -n kube-pu', 'kubectl trace get -n kube-public');
      await becomes(screen, 'kubectl trace get --context mast', 'kubectl trace get --context masters');
      await becomes(screen, `kubectl trace get -f ${user.folder}/we`, `kubectl trace get -f ${user.folder}/web.yaml`);
      await offers(screen, 'kubectl trace get configmaps web-', ['web-settings', 'web-texts']);
    });

    test('kubectl-trace, by its own script', async (t) => {
      const screen = await open(t, shell);
      await becomes(screen, 'kubectl-trace rollo', 'kubectl-trace rollout');
      await becomes(screen, 'kubectl-trace get --metrics=d', 'kubectl-trace get --metrics=delta');
      await becomes(screen, 'kubectl-trace get --backend zip', 'kubectl-trace get --backend zipkin=');
      await becomes(screen, 'kubectl-trace get configmaps web-s', 'kubectl-trace get configmaps web-settings');
      await becomes(screen, `kubectl-trace show ${user.folder}/spa`, `kubectl-trace show ${user.folder}/spans.json`);
      await offers(screen, 'kubectl-trace get configmaps web-', ['web-settings', 'web-texts']);
    });

    test('a credential plugin that prompts cannot reach the terminal', async (t) => {
      const plugin = join(user.folder, 'prompting');
      const script =
        '#!/bin/sh\ntouch "$HOME/was-run"\necho PASSWORD: >&2\necho PASSWORD: >/dev/tty\nread answer </dev/tty\nexit 1\n';
      writeFileSync(plugin, script, { mode: 0o755 });
      const kubeconfig = join(user.folder, 'prompting.yaml');
      writeFileSync(kubeconfig, promptingKubeconfig(cluster().server, plugin));
      const screen = await open(t, shell);
      await screen.press(`kubectl trace get --kubeconfig ${kubeconfig} configmaps we`, 'Tab');
      // The line is as it was, and goes on.
      await screen.press('X', 'Tab', 'Y');
      const lines = await screen.until((shown) => shown.some((line) => line.endsWith('weXY')));
      assert.ok(existsSync(join(user.folder, 'was-run')));
      rmSync(join(user.folder, 'was-run'));
      assert.doesNotMatch(lines.join('\n'), /PASSWORD/);
      assert.doesNotMatch(screen.written(), /PASSWORD/);
    });
  });
}

const promptingKubeconfig = (server: string, command: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [
      {
        name: 'c',
        user: {
          exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'IfAvailable' },
        },
      },
    ],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  });
