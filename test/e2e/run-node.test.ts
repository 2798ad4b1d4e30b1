import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedNode } from '../lab/cluster/node/shared.ts';
import { container, pod, probe } from '../lab/pods/manifests.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import type { Document } from '../support/schema.ts';
import { RunScene } from './run-scene.ts';

// What of a pod goes on between kubectl and the kubelet, by way of the API server: upgraded connections and streams.
const { node, skip } = await sharedNode();
const options = { skip, timeout: 180_000 };
const home = cleanHome();
after(() => home.remove());
const scene = new RunScene(() => node().cluster, home.path);

let started: Promise<void> | undefined;

/** Two pods, made once: one that serves, and one that says `tick` twice a second. */
const running = (): Promise<void> => (started ??= start());

async function start(): Promise<void> {
  const ticks = Array.from({ length: 600 }, () => ['after=500ms', 'say=tick']).flat();
  await Promise.all([
    startPod('web', container('web', ['serve', '8080'], { readinessProbe: probe('/ready') })),
    startPod('clock', container('clock', ['exit', '0', ...ticks])),
  ]);
}

async function startPod(name: string, only: object): Promise<void> {
  const { path, object } = pod('default', name, { containers: [only] });
  assert.equal((await node().cluster.call('POST', path, { body: object })).status, 201);
  for (;;) {
    const { body } = await node().cluster.call('GET', `${path}/${name}`);
    const { status } = JSON.parse(body) as { status: { conditions?: { type: string; status: string }[] } };
    if (status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True')) return;
    await sleep(100);
  }
}

const subresource = ({ requests }: Document, name: string): Document['requests'][number] | undefined =>
  requests.find(({ path }) => path.startsWith('/api/v1/namespaces/default/pods/') && path.endsWith(`/${name}`));

/** Calls back with each text that a command has printed so far. */
function watchOutput(child: ChildProcess, look: (text: string) => void): void {
  let text = '';
  child.stdout?.on('data', (chunk: string) => look((text += chunk)));
}

test('exec: output, end of input and exit code match the program in the pod', options, async () => {
  await running();
  for (const protocol of ['true', 'false']) {
    const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: protocol };
    const command = ['kubectl', 'exec', '-i', 'web', '--', '/lab', 'exit', '3', 'say=hello', 'say=again'];
    const { code, stdout, stderr, document } = await scene.run(['--context', 'masters'], command, { env, input: 'x' });
    assert.equal(code, 3, stderr);
    assert.equal(stdout, 'hello\nagain\n');
    assert.match(stderr, /command terminated with exit code 3/);
    const exec = subresource(document, 'exec');
    assert.equal(exec?.status, 101, protocol);
    assert.ok(exec.responseBytes > 0);
    assert.equal(document.verdict, 'complete');
    assert.deepEqual(exec.lookup?.missing, []);
  }
});

for (const [verb, name] of [
  ['logs', 'log'],
  ['attach', 'attach'],
] as const) {
  test(`${verb}: output arrives immediately, and Ctrl-C ends it as it ends kubectl`, options, async () => {
    await running();
    const command = ['kubectl', verb, ...(verb === 'logs' ? ['-f', '--tail=1'] : []), 'clock'];
    const onStart = (child: ChildProcess): void =>
      watchOutput(child, (text) => {
        if (text.includes('tick\ntick\n')) child.kill('SIGINT');
      });
    const { code, stdout, document } = await scene.run(['--context', 'masters'], command, { onStart });
    assert.match(stdout, /^tick\ntick\n/);
    assert.equal(code, await interrupted(command, onStart));
    const request = subresource(document, name);
    assert.equal(request?.status, verb === 'logs' ? 200 : 101);
    assert.equal(document.verdict, 'complete');
    assert.deepEqual(request.lookup?.missing, []);
  });
}

/** How the command ends by itself, where it is interrupted in the same way. */
async function interrupted(command: readonly string[], onStart: (child: ChildProcess) => void): Promise<number> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    env: { ...scene.environment, HOME: home.path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.setEncoding('utf8');
  onStart(child);
  const [code, signal] = (await once(child, 'exit')) as [number | null, 'SIGINT' | null];
  return code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
}

test("port-forward: a client's request reaches the pod", options, async () => {
  await running();
  let answer: Promise<string> | undefined;
  const command = ['kubectl', 'port-forward', 'pod/web', ':8080'];
  const { code, document } = await scene.run(['--context', 'masters'], command, {
    onStart: (child) =>
      watchOutput(child, (text) => {
        const port = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
        if (port === undefined || answer !== undefined) return;
        answer = fetch(`http://127.0.0.1:${port}/ready`)
          .then((response) => `${response.status}`)
          .finally(() => child.kill('SIGINT'));
      }),
  });
  assert.equal(await answer, '200');
  assert.ok(code === 130 || code === 0, String(code));
  assert.equal(subresource(document, 'portforward')?.status, 101);
});
