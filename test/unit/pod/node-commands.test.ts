import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { exitWords } from '../../../src/pod/causes/exit.ts';
import {
  diskUse,
  kubeletState,
  listSandboxes,
  onWindows,
  platformOf,
  runtimeLog,
} from '../../../src/pod/node-commands.ts';
import { drawSnapshot } from '../../support/pod-snapshot.ts';

const on = (containerRuntimeVersion: string, operatingSystem = 'linux'): ReturnType<typeof drawSnapshot> =>
  drawSnapshot({ nodeInfo: { containerRuntimeVersion, operatingSystem, architecture: 'arm64' } });

suite('commands for a node', () => {
  const LOGS: readonly (readonly [runtime: string, command: string])[] = [
    ['containerd://2.1.4', 'journalctl -u containerd --since -10min'],
    ['cri-o://1.34.1', 'journalctl -u crio --since -10min'],
    ['docker://27.0.1', 'journalctl -u docker -u cri-docker --since -10min'],
    ['containerd://2.1.4-k3s1', 'tail -n 200 /var/lib/rancher/k3s/agent/containerd/containerd.log'],
  ];
  for (const [runtime, command] of LOGS) {
    test(`${runtime} shows the log of its systemd unit`, () => assert.equal(runtimeLog(on(runtime)).command, command));
  }

  test('Windows nodes have neither journalctl nor df', () => {
    const snapshot = on('containerd://1.7.20', 'windows');
    assert.equal(runtimeLog(snapshot).command, 'Get-WinEvent -LogName Application -MaxEvents 50');
    assert.equal(kubeletState(snapshot).command, 'Get-Service kubelet');
    assert.equal(diskUse(snapshot).command, 'Get-PSDrive -PSProvider FileSystem');
    assert.equal(listSandboxes(snapshot).command, 'crictl.exe pods --namespace shop --name web');
  });

  test('an unreadable node gets the log of either runtime; the node selector shows Windows', () => {
    assert.equal(runtimeLog(drawSnapshot({})).command, 'journalctl -u containerd -u crio --since -10min');
    assert.equal(onWindows(drawSnapshot({ spec: { nodeSelector: { 'kubernetes.io/os': 'windows' } } })), true);
    assert.equal(platformOf(drawSnapshot({})), undefined);
  });

  test('the disk command uses the data directory of the runtime', () => {
    assert.equal(diskUse(on('cri-o://1.34.1')).command, 'df -h /var/lib/containers');
    assert.equal(diskUse(on('containerd://2.1.4')).command, 'df -h /var/lib/containerd');
  });
});

suite('exit codes', () => {
  const words = (exitCode: number, windows = false, signal?: number): string =>
    exitWords({ exitCode, signal }, windows);

  test('129 to 165 are signals; 128 and 166 are not', () => {
    assert.equal(words(128), 'exit code 128');
    assert.equal(words(129), 'exit code 129 (SIGHUP)');
    assert.equal(words(137), 'exit code 137 (SIGKILL)');
    assert.equal(words(159), 'exit code 159 (SIGSYS)');
    assert.equal(words(165), 'exit code 165 (signal 37)');
    for (const code of [0, 1, 127, 128, 166, 200, 254, 255]) assert.equal(words(code), `exit code ${code}`);
  });

  test('a signal reported by the runtime is used, unless it is zero', () => {
    assert.equal(words(255, false, 9), 'exit code 255 (SIGKILL)');
    assert.equal(words(3, false, 0), 'exit code 3');
  });

  test('on Windows are NTSTATUS values, signed or unsigned', () => {
    assert.equal(words(-1073741819, true), 'exit code -1073741819 (0xC0000005, access violation)');
    assert.equal(words(3221225477, true), 'exit code 3221225477 (0xC0000005, access violation)');
    assert.equal(words(-1073740791, true), 'exit code -1073740791 (0xC0000409, stack buffer overrun or fast fail)');
    assert.equal(words(-1073740000, true), 'exit code -1073740000 (0xC0000720)');
    assert.equal(words(137, true), 'exit code 137');
    assert.equal(words(1, true), 'exit code 1');
  });
});
