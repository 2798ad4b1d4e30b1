import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readdirSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { isSentByTerminal } from '../../src/commands/run/child.ts';
import { lookPath } from '../../src/kube/connect/look-path.ts';
import { userAgent } from '../../src/kube/http/user-agent.ts';
import { isAbsolutePath, splitList } from '../../src/platform.ts';
import { homeFolder } from '../../src/process/home.ts';
import { isDumb } from '../../src/process/output.ts';
import { environmentOf } from '../../src/process/platform.ts';
import { openSignals } from '../../src/process/signals.ts';
import { programCall } from '../../src/program-call.ts';
import { makeFolder } from '../../src/proxy/folder.ts';
import type { Signal } from '../../src/runtime.ts';
import type { TraceID } from '../../src/trace/ids.ts';
import { cacheFolder, stateFolder } from '../../src/user-folders.ts';
import { LINUX, MACOS, WINDOWS } from '../support/platforms.ts';
import { testRuntime } from './kube/fixture.ts';
import { folderOf } from './kube/folder.ts';

suite('platforms', () => {
  for (const [platform, env, state, cache] of [
    [LINUX, {}, '/home/ada/.local/state/kubectl-trace', '/home/ada/.cache/kubectl-trace'],
    [MACOS, { XDG_STATE_HOME: '/s' }, '/s/kubectl-trace', '/home/ada/.cache/kubectl-trace'],
    [
      LINUX,
      { XDG_CACHE_HOME: 'relative', LOCALAPPDATA: '/x' },
      '/home/ada/.local/state/kubectl-trace',
      '/home/ada/.cache/kubectl-trace',
    ],
  ] as const) {
    test(`files are stored below the home folder on ${platform.os}, or as XDG's variables say: ${JSON.stringify(env)}`, () => {
      assert.equal(stateFolder({ env, home: '/home/ada', platform }), state);
      assert.equal(cacheFolder({ env, home: '/home/ada', platform }), cache);
    });
  }

  test('files are stored in LOCALAPPDATA on Windows', () => {
    const home = 'C:\\Users\\ada';
    const local = 'D:\\Local';
    assert.equal(stateFolder({ env: { LOCALAPPDATA: local }, home, platform: WINDOWS }), 'D:\\Local\\kubectl-trace');
    assert.equal(stateFolder({ env: {}, home, platform: WINDOWS }), `${home}\\AppData\\Local\\kubectl-trace`);
    const env = { XDG_STATE_HOME: 'E:\\state', LOCALAPPDATA: local };
    assert.equal(stateFolder({ env, home, platform: WINDOWS }), 'E:\\state\\kubectl-trace');
  });

  for (const [platform, list, paths] of [
    [LINUX, '/a:/b::"c"', ['/a', '/b', '', '"c"']],
    [WINDOWS, 'C:\\a;D:\\b', ['C:\\a', 'D:\\b']],
    [WINDOWS, ';"C:\\with;semicolon";', ['', 'C:\\with;semicolon', '']],
    [WINDOWS, '', []],
  ] as const) {
    test(`the list ${JSON.stringify(list)} on ${platform.os}`, () =>
      assert.deepEqual(splitList(list, platform), paths));
  }

  for (const [platform, path, expected] of [
    [LINUX, '/etc/ca.crt', true],
    [LINUX, 'C:\\ca.crt', false],
    [WINDOWS, 'C:\\ca.crt', true],
    [WINDOWS, '\\\\server\\share\\ca.crt', true],
    [WINDOWS, '/etc/ca.crt', false],
    [WINDOWS, 'C:ca.crt', false],
  ] as const) {
    test(`${path} is ${expected ? 'absolute' : 'relative'} on ${platform.os}`, () =>
      assert.equal(isAbsolutePath(path, platform), expected));
  }
});

suite('the home folder', () => {
  const [home, profile, drive] = ['C:\\home', 'C:\\Users\\ada', 'H:\\ada'];
  const env = { HOME: home, USERPROFILE: profile, HOMEDRIVE: 'H:', HOMEPATH: '\\ada' };
  const config = (folder: string): string => `${folder}\\.kube\\config`;
  for (const [title, given, existing, expected] of [
    ['a kubeconfig on the home drive wins over one in the profile', env, [config(drive), config(profile)], drive],
    ['a kubeconfig decides before the order of variables', env, [home, config(profile)], profile],
    ['without a kubeconfig the first folder that exists is taken', env, [profile, drive], profile],
    ['without a folder the first variable is taken', env, [], home],
    ['without a variable it is the system’s', {}, [], 'system'],
  ] as const) {
    test(`Windows: ${title}`, () => {
      const stat = ((path: string) =>
        (existing as readonly string[]).includes(path)
          ? ({ isDirectory: () => true, mode: 0o40777 } as Stats)
          : undefined) as never;
      assert.equal(
        homeFolder(given, WINDOWS, stat, () => 'system'),
        expected,
      );
    });
  }

  test('elsewhere it is HOME', () => {
    assert.equal(
      homeFolder({ HOME: '/home/ada', USERPROFILE: '/x' }, MACOS, undefined as never, () => 'system'),
      '/home/ada',
    );
    assert.equal(
      homeFolder({}, LINUX, undefined as never, () => '/root'),
      '/root',
    );
  });

  test('names of variables are in capitals on Windows alone', () => {
    assert.deepEqual(environmentOf({ Path: 'x', https_proxy: 'y' }, WINDOWS), { PATH: 'x', HTTPS_PROXY: 'y' });
    assert.deepEqual(environmentOf({ Path: 'x' }, LINUX), { Path: 'x' });
  });
});

suite('a command on Windows', () => {
  const files = ['C:\\bin\\kubectl.exe', 'C:\\bin\\npm.cmd', 'C:\\tools\\a.b.exe', '.\\evil.exe', 'C:\\bin\\evil.exe'];
  const stat = (path: string): Pick<Stats, 'isDirectory' | 'dev' | 'ino'> => {
    const ino = files.findIndex((file) => file.toLowerCase() === path.toLowerCase());
    if (ino === -1) throw Object.assign(new Error(path), { code: 'ENOENT' });
    return { isDirectory: () => false, dev: 1, ino };
  };
  const PATH = 'C:\\bin;;"C:\\tools"';
  const find = (command: string, env: Record<string, string> = {}): object =>
    lookPath(command, { env: { PATH, ...env }, platform: WINDOWS }, { stat });
  for (const [command, env, expected] of [
    ['kubectl', {}, { path: 'C:\\bin\\kubectl.exe' }],
    ['kubectl', { PATHEXT: '.CMD' }, { why: 'executable file not found in %PATH%' }],
    ['npm', {}, { path: 'C:\\bin\\npm.cmd' }],
    ['a.b', {}, { path: 'C:\\tools\\a.b.exe' }],
    ['C:\\bin\\kubectl', {}, { path: 'C:\\bin\\kubectl.exe' }],
    ['evil', {}, { why: 'cannot run executable found relative to current directory' }],
    ['evil', { NODEFAULTCURRENTDIRECTORYINEXEPATH: '1' }, { path: 'C:\\bin\\evil.exe' }],
    ['none', {}, { why: 'executable file not found in %PATH%' }],
  ] as const) {
    test(`${command} with ${JSON.stringify(env)}`, () => assert.deepEqual(find(command, env), expected));
  }

  test('a batch file is run by cmd.exe, unless an argument cannot be quoted', () => {
    const env = { SYSTEMROOT: 'C:\\Windows' };
    assert.deepEqual(programCall('C:\\my bin\\npm.cmd', ['run', 'a&b'], env, WINDOWS), {
      file: 'C:\\Windows\\System32\\cmd.exe',
      args: ['/d', '/s', '/c', '""C:\\my bin\\npm.cmd" "run" "a&b""'],
      windowsVerbatimArguments: true,
    });
    for (const word of ['"', '%PATH%', 'a\nb']) assert.equal(programCall('x.bat', [word], env, WINDOWS), undefined);
    assert.deepEqual(programCall('x.exe', ['"'], env, WINDOWS), { file: 'x.exe', args: ['"'] });
    assert.deepEqual(programCall('/bin/x.cmd', ['"'], env, LINUX), { file: '/bin/x.cmd', args: ['"'] });
  });
});

suite('signals', () => {
  for (const [platform, ending, others] of [
    [LINUX, ['SIGINT', 'SIGTERM'], ['SIGHUP', 'SIGBREAK']],
    [MACOS, ['SIGINT', 'SIGTERM'], ['SIGHUP', 'SIGBREAK']],
    [WINDOWS, ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'], ['SIGQUIT', 'SIGWINCH']],
  ] as const) {
    test(`interrupt on ${platform.os}`, () => {
      for (const signal of ending) {
        const source = new EventEmitter();
        const { interrupted } = openSignals(platform, source);
        source.emit(signal, signal);
        assert.equal(interrupted.aborted, true, signal);
        assert.equal(source.listenerCount(signal), 0, 'the second one ends the process');
      }
      for (const signal of others) assert.ok(!new Set<string>(ending).has(signal));
    });
  }

  test('a command takes all signals that its platform has', () => {
    for (const [platform, expected] of [
      [LINUX, ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH']],
      [WINDOWS, ['SIGINT', 'SIGBREAK', 'SIGHUP', 'SIGTERM']],
    ] as const) {
      const source = new EventEmitter();
      const { interrupted, takeSignals } = openSignals(platform, source);
      const taken: Signal[] = [];
      const giveBack = takeSignals((signal) => void taken.push(signal));
      for (const signal of expected) source.emit(signal, signal);
      assert.deepEqual(taken, expected);
      assert.equal(interrupted.aborted, false);
      giveBack();
      source.emit('SIGINT', 'SIGINT');
      assert.equal(interrupted.aborted, true);
    }
  });

  test('no console signal of Windows is passed on: that would end the command at once', () => {
    for (const signal of ['SIGINT', 'SIGBREAK', 'SIGHUP'] as const) assert.ok(isSentByTerminal(signal, WINDOWS));
    assert.ok(!isSentByTerminal('SIGTERM', WINDOWS));
    assert.ok(!isSentByTerminal('SIGHUP', LINUX));
  });
});

test('a terminal without a TERM can do nothing, but for a console of Windows', () => {
  for (const [platform, env, expected] of [
    [LINUX, {}, true],
    [MACOS, { TERM: '' }, true],
    [LINUX, { TERM: 'dumb' }, true],
    [LINUX, { TERM: 'xterm-256color' }, false],
    [WINDOWS, {}, false],
    [WINDOWS, { TERM: 'dumb' }, true],
  ] as const) {
    assert.equal(isDumb(env, platform), expected, `${platform.os} ${JSON.stringify(env)}`);
  }
});

test("the proxy's folder on Windows: that of a killed process goes with the next command, a running one's stays", async (t) => {
  const root = await folderOf(t, {});
  const before = process.env['TMPDIR'];
  t.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  process.env['TMPDIR'] = join(root, 'tmp');
  mkdirSync(join(root, 'tmp', 'kubectl-trace-41-dead', 'cache'), { recursive: true });
  mkdirSync(join(root, 'tmp', 'kubectl-trace-42-live'));
  mkdirSync(join(root, 'tmp', 'kubectl-trace-logs-41'));
  const runtime = testRuntime({ platform: WINDOWS, pid: 43, isAlive: (pid) => pid === 42 });
  const content = {
    kubeconfig: 'text',
    url: 'https://127.0.0.1:1',
    server: 'https://k:6443',
    kubectlCache: join(root, 'c'),
  };
  const folder = makeFolder(runtime, { isAwaited: true });
  assert.equal(await folder.isAwaited, false, 'there are no named pipes');
  folder.write(content);
  assert.match(dirname(folder.kubeconfig), /kubectl-trace-43-[^/]+$/);
  folder.remove();
  assert.deepEqual(readdirSync(join(root, 'tmp')).sort(), ['kubectl-trace-42-live', 'kubectl-trace-logs-41']);
  assert.ok(existsSync(join(root, 'c', 'discovery', 'k_6443')), 'what kubectl has stored stays');
});

test('a folder for temporary files that does not exist is named, with the variable that names another', (t) => {
  const before = process.env['TMPDIR'];
  t.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  process.env['TMPDIR'] = '/none';
  for (const [platform, variable] of [
    [LINUX, 'TMPDIR'],
    [WINDOWS, 'TEMP'],
  ] as const) {
    assert.throws(() => makeFolder(testRuntime({ platform })), {
      message: 'cannot write a temporary kubeconfig in /none: no such file or directory',
      hint: `set ${variable} to a folder that can be written; the command was not run`,
    });
  }
});

test('the user agent has Go’s names of systems', () => {
  const id = '4bf92f3577b34da6a3ce929d0e0e4736' as TraceID;
  assert.match(userAgent('0.1.0', id, WINDOWS), /^kubectl-trace\/0\.1\.0 \(windows\//);
  assert.match(userAgent('0.1.0', id, MACOS), /\(darwin\//);
});
