import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandInContext } from '../../../src/pod/in-context.ts';
import { openMachine, podCases } from '../../support/pod-case.ts';

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
  for (const [command, expected] of told) assert.equal(commandInContext(command, 'staging'), expected);
});

test('a context name is quoted as one shell word', () => {
  assert.equal(
    commandInContext('kubectl get nodes', "a'b $(x)"),
    String.raw`kubectl --context 'a'\''b $(x)' get nodes`,
  );
  assert.equal(commandInContext('kubectl get nodes', '$&$1'), "kubectl --context '$&$1' get nodes");
});

const KUBECONFIG = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'other one',
  clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }],
  users: [],
  contexts: ['other one', 'the staging'].map((name) => ({ name, context: { cluster: 'c', user: '' } })),
};

interface Told {
  readonly verdict: { readonly next: readonly { readonly command: string }[] };
  readonly pods: readonly { readonly verdict: { readonly next: readonly { readonly command: string }[] } }[];
}

test('every next step has the --context of the command line, on the screen and in the document', async (t) => {
  const stuck = podCases().find(({ name }) => name === 'crio-unauthorized');
  assert.ok(stuck !== undefined);
  const machine = await openMachine(t, stuck);
  writeFileSync(join(machine.home, '.kube', 'config'), JSON.stringify(KUBECONFIG));
  const inContext = [...machine.podArguments, '--context', 'the staging'];
  const document = JSON.parse((await machine.run([...inContext, '-o', 'json'])).stdout) as Told;
  const commands = (told: Told): string[] =>
    [told.verdict, ...told.pods.map(({ verdict }) => verdict)]
      .flatMap(({ next }) => next.map(({ command }) => command))
      .filter((command) => command.startsWith('kubectl '));
  assert.ok(commands(document).length >= 2);
  for (const command of commands(document)) assert.match(command, /^kubectl --context 'the staging' /);
  const screen = (await machine.run(inContext)).stdout;
  assert.match(screen, /do next +kubectl --context 'the staging' /);
  // The current context needs no flag.
  const plain = await machine.run([...machine.podArguments, '-o', 'json']);
  for (const command of commands(JSON.parse(plain.stdout) as Told)) assert.doesNotMatch(command, /--context/);
});
