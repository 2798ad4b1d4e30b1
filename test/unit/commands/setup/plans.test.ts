import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parseYAML } from '../../../../src/kube/manifest/yaml.ts';
import { SETUP_KINDS } from '../../../../src/control-plane/possibilities.ts';
import { run } from '../../../../src/run.ts';
import { testRuntime } from '../../kube/fixture.ts';

async function setup(...args: string[]): Promise<string> {
  let stdout = '';
  const runtime = testRuntime({ out: { write: (text) => void (stdout += text) } });
  assert.equal(await run(['setup', ...args], runtime, '0.1.0'), 0);
  return stdout;
}

/** Files that the text writes, by their paths, as a shell writes them. */
function filesIn(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/^cat > (\S+) <<'EOF'\n([\s\S]*?\n)EOF$/gm);
  return new Map([...found].map(([, path = '', content = '']) => [path, content]));
}

const VERSIONS = ['1.22.0', '1.26.3', '1.27.0', '1.31.14', '1.32.0', '1.33.1', '1.34.4', '1.36.1', '1.37.2'];

suite('the printed files', () => {
  for (const kind of SETUP_KINDS) {
    test(`for ${kind} are a text that a shell accepts, with YAML that can be read`, async () => {
      for (const version of VERSIONS) {
        const text = await setup(kind, '--kubernetes-version', version, '--endpoint', '10.0.0.5:4317');
        execFileSync('bash', ['-n'], { input: text });
        assert.match(text, /tracing-config-file/);
        for (const [path, content] of filesIn(text)) {
          if (path.endsWith('.yaml')) assert.equal(typeof parseYAML(content)[0], 'object', `${path} of ${version}`);
        }
      }
    });

    test(`for ${kind} change nothing when the commands of undoing are pasted with them`, async () => {
      const text = await setup(kind, '--kubernetes-version', '1.33.1');
      const [, undo = ''] = text.split('\n# Undo:\n');
      assert.ok(undo.trim() !== '');
      assert.deepEqual(
        undo.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
        [],
      );
    });
  }
});

suite('the flags by version', () => {
  const cases: readonly (readonly [args: string, has: readonly string[], hasNot: readonly string[]])[] = [
    [
      'kubeadm 1.26.3',
      ['feature-gates: "APIServerTracing=true"', 'apiserver.config.k8s.io/v1alpha1'],
      ['- name: tracing-config-file'],
    ],
    [
      'kubeadm 1.33.1',
      ['kubeadm.k8s.io/v1beta4', '- name: experimental-enable-distributed-tracing', 'apiserver.config.k8s.io/v1beta1'],
      ['feature-gates'],
    ],
    [
      'kubeadm 1.37.2',
      ['- name: enable-distributed-tracing', 'apiserver.config.k8s.io/v1\n'],
      ['experimental-', 'feature-gates'],
    ],
    ['kind 1.35.0', ['kubeadm.k8s.io/v1beta3'], ['v1beta4']],
    ['kind 1.36.1', ['kubeadm.k8s.io/v1beta4'], ['v1beta3']],
    [
      'minikube 1.33.1',
      [
        '--extra-config=apiserver.tracing-config-file=/etc/ssl/certs/tracing.yaml',
        '--extra-config=etcd.experimental-enable-distributed-tracing=true',
      ],
      [],
    ],
    ['minikube 1.26.3', ['--feature-gates=APIServerTracing=true'], ['apiserver.feature-gates']],
    [
      'k3s 1.33.1',
      ['kube-apiserver-arg+:\n  - "tracing-config-file=/etc/rancher/k3s/tracing.yaml"', 'systemctl restart k3s'],
      ['extra-mount'],
    ],
    [
      'rke2 1.34.0',
      [
        'kube-apiserver-extra-mount+:',
        'etcd-arg+:\n  - "enable-distributed-tracing=true"',
        'systemctl restart rke2-server',
      ],
      ['experimental-'],
    ],
    [
      'talos 1.33.1',
      ['      - hostPath: /var/etc/tracing', '      tracing-config-file: "/etc/tracing/config.yaml"'],
      [],
    ],
    ['systemd 1.33.1', ['Environment=ETCD_EXPERIMENTAL_ENABLE_DISTRIBUTED_TRACING=true'], ['manifests']],
    ['systemd 1.37.2', ['Environment=ETCD_ENABLE_DISTRIBUTED_TRACING=true'], ['EXPERIMENTAL']],
  ];
  for (const [line, has, hasNot] of cases) {
    test(`of ${line}`, async () => {
      const [kind = '', version = ''] = line.split(' ');
      const text = await setup(kind, '--kubernetes-version', version);
      for (const part of has) assert.ok(text.includes(part), `${line} lacks ${part}:\n${text}`);
      for (const part of hasNot) assert.ok(!text.includes(part), `${line} has ${part}:\n${text}`);
    });
  }

  test('follow --etcd-version, and leave etcd out before 3.5', async () => {
    const text = await setup('kubeadm', '--kubernetes-version', '1.33.1', '--etcd-version', '3.6.4');
    assert.match(text, /--enable-distributed-tracing=true/);
    const old = await setup('kubeadm', '--kubernetes-version', '1.33.1', '--etcd-version', '3.4.30');
    assert.match(old, /etcd 3\.4\.30, which does not trace/);
    assert.doesNotMatch(old, /distributed-tracing/);
  });

  test('warn of the sampling of etcd 3.5.0 to 3.5.10', async () => {
    const notes = async (etcd: string): Promise<string> =>
      (await setup('systemd', '--kubernetes-version', '1.33.1', '--etcd-version', etcd)).replaceAll('\n# ', ' ');
    assert.match(await notes('3.5.4'), /records every request, and nothing limits it/);
    assert.match(await notes('3.5.10'), /has no sampling rate/);
    assert.doesNotMatch(await notes('3.5.11'), /this etcd/);
  });
});

suite('the rates', () => {
  test('are explained and written', async () => {
    const text = await setup('kubeadm', '--kubernetes-version', '1.33.1', '--sampling-rate', '100');
    assert.match(text, /samplingRatePerMillion: 100\n/);
    assert.match(text.replaceAll('\n# ', ' '), /one in 10000 requests, each with 10 to 30 spans: 0\.1 traces a second/);
  });

  test('are of every request where the server accepts no trace context', async () => {
    assert.match(await setup('k3s', '--kubernetes-version', '1.32.4'), /samplingRatePerMillion: 1000000\n/);
  });
});

test('the printed commands keep the first backup of a manifest when they are pasted twice', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'kubectl-trace-pasted-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'etc/kubernetes');
  mkdirSync(join(folder, 'manifests'), { recursive: true });
  for (const kind of ['kubeadm', 'static-pods']) {
    const text = await setup(kind, '--kubernetes-version', '1.33.1');
    const commands = text
      .split('\n')
      .filter((line) => /^(?!mv).*before-tracing\.yaml$|^(?:cp|mv|"\$\{EDITOR).*with-tracing/.test(line));
    assert.equal(commands.length, 8, kind);
    const paste = commands.join('\n').replaceAll('/etc/kubernetes', folder);
    for (const component of ['etcd', 'kube-apiserver']) {
      writeFileSync(join(folder, 'manifests', `${component}.yaml`), `${component}\n`);
    }
    const editor = join(root, 'editor');
    writeFileSync(editor, '#!/bin/sh\necho traced >> "$1"\n', { mode: 0o755 });
    for (let times = 0; times < 2; times++)
      execFileSync('sh', ['-e'], { input: paste, env: { ...process.env, EDITOR: editor } });
    for (const component of ['etcd', 'kube-apiserver']) {
      const backup = join(folder, `${component}.before-tracing.yaml`);
      assert.equal(readFileSync(backup, 'utf8'), `${component}\n`, kind);
      assert.match(readFileSync(join(folder, 'manifests', `${component}.yaml`), 'utf8'), /traced/);
      rmSync(backup);
    }
  }
});
