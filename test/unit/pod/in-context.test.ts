import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandInContext } from '../../../src/pod/in-context.ts';
import { kubeconfigOf, openMachine, podCases } from '../../support/pod-case.ts';

test('a suggested command has --context where kubectl accepts it', () => {
  const told = [
    ['kubectl get nodes', 'kubectl --context staging get nodes'],
    ['kubectl get events | grep kubectl-x', 'kubectl --context staging get events | grep kubectl-x'],
    [
      'kubectl get nodes | kubectl apply -f -',
      'kubectl --context staging get nodes | kubectl --context staging apply -f -',
    ],
    ['kubectl trace pod web -n shop', 'kubectl trace --context staging pod web -n shop'],
    ['systemctl status kubelet', 'systemctl status kubelet'],
    ["crictl pull 'kubectl image'", "crictl pull 'kubectl image'"],
  ] as const;
  for (const [command, expected] of told) assert.equal(commandInContext(command, ['--context', 'staging']), expected);
});

test('a context name is quoted as one shell word', () => {
  assert.equal(
    commandInContext('kubectl get nodes', ['--context', "a'b $(x)"]),
    String.raw`kubectl --context 'a'\''b $(x)' get nodes`,
  );
  assert.equal(commandInContext('kubectl get nodes', ['--context', '$&$1']), "kubectl --context '$&$1' get nodes");
});

interface Told {
  readonly verdict: { readonly next: readonly { readonly command: string }[] };
  readonly pods: readonly { readonly verdict: { readonly next: readonly { readonly command: string }[] } }[];
}

test('every next step has the flags of the command line for its cluster, on the screen and in the document', async (t) => {
  const stuck = podCases().find(({ name }) => name === 'crio-unauthorized');
  assert.ok(stuck !== undefined);
  const machine = await openMachine(t, stuck);
  const config = join(machine.home, 'other config');
  writeFileSync(config, JSON.stringify(kubeconfigOf(machine.server, ['other one', 'the staging'])));
  const inContext = [...machine.podArguments, '--context', 'the staging', `--kubeconfig=${config}`];
  const document = JSON.parse((await machine.run([...inContext, '-o', 'json'])).stdout) as Told;
  const commands = (told: Told): string[] =>
    [told.verdict, ...told.pods.map(({ verdict }) => verdict)]
      .flatMap(({ next }) => next.map(({ command }) => command))
      .filter((command) => command.startsWith('kubectl '));
  assert.ok(commands(document).length >= 2);
  for (const command of commands(document))
    assert.match(command, /^kubectl --context 'the staging' '--kubeconfig=\/.*\/other config' /);
  const screen = (await machine.run(inContext)).stdout;
  assert.match(screen, /do next +kubectl --context 'the staging' /);
  const redacted = (await machine.run([...inContext, '--redact'])).stdout;
  assert.doesNotMatch(redacted, /staging|other config/);
  // The current context needs no flag.
  const plain = await machine.run([...machine.podArguments, '-o', 'json']);
  for (const command of commands(JSON.parse(plain.stdout) as Told))
    assert.doesNotMatch(command, /--context|--kubeconfig/);
});
