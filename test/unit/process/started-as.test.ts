import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { VERBS } from '../../../src/commands/index.ts';
import { run } from '../../../src/run.ts';
import { launcher, type Outcome } from '../../support/kubectl-trace.ts';
import { testRuntime } from '../kube/fixture.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-named-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the launcher by a link of this name, as krew makes one. */
function linked(name: string): (...args: readonly string[]) => Promise<Outcome> {
  const path = join(folder, name);
  symlinkSync(launcher, path);
  return (...args) =>
    new Promise((resolve) => {
      execFile(path, args, { env: { PATH: '/usr/bin:/bin', HOME: folder } }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
}

/** A usual name in a command that the user may type. */
const USUAL = /kubectl trace (?:[a-z]+ )?(?:COMMAND|--?\w|get|pod|run|show|serve|help|options|raw|history|glossary)\b/;

suite('a program that was started as kubectl-api_trace', () => {
  let apiTrace: ReturnType<typeof linked>;
  before(() => {
    apiTrace = linked('kubectl-api_trace');
  });

  test('has that name in all of its help', async () => {
    const { stdout } = await apiTrace();
    assert.match(stdout, /^ {2}kubectl api-trace get nodes +# /m);
    assert.match(stdout, /Use "kubectl api-trace COMMAND --help"/);
    assert.doesNotMatch(stdout, USUAL);
    for (const verb of VERBS) {
      const help = (await apiTrace(verb, '--help')).stdout;
      assert.match(
        help,
        verb === 'options' ? /can be passed to any command/ : new RegExp(`^  kubectl api-trace ${verb}`, 'm'),
      );
      assert.doesNotMatch(help, USUAL, verb);
    }
  });

  test('prints the same help by way of the parser', async () => {
    const [built, parsed] = [await apiTrace('get', '--help'), await apiTrace('--namespace', 'x', 'get', '--help')];
    assert.equal(parsed.stdout, built.stdout);
  });

  test('has that name in errors and hints', async () => {
    const { code, stderr } = await apiTrace('glosary');
    assert.deepEqual(
      [code, stderr],
      [2, 'error: unknown command "glosary" for "kubectl api-trace"\nhint: Did you mean "glossary"?\n'],
    );
    assert.match((await apiTrace('raw')).stderr, /^hint: for example: kubectl api-trace raw GET /m);
    assert.match(
      (await apiTrace('get', '--nothing')).stderr,
      /^hint: kubectl api-trace get --help lists the flags of get$/m,
    );
  });

  test('does not hand the name on to a command that it runs', async () => {
    const script = 'echo "[$KUBECTL_TRACE_STARTED_AS]"';
    const { stdout } = await apiTrace('run', '--server', 'http://127.0.0.1:1', '--wait', '0', '--', 'sh', '-c', script);
    assert.equal(stdout, '[]\n');
  });
});

test('any other plugin name is used in help and hints', async () => {
  const netTrace = linked('kubectl-net-trace');
  assert.match((await netTrace('get', '--help')).stdout, /^ {2}kubectl net trace get TYPE/m);
  assert.match((await netTrace('raw')).stderr, /^hint: for example: kubectl net trace raw GET /m);
});

test('a name that is not a plugin’s is replaced by the usual one', async () => {
  for (const name of ['tracer', 'kubectl-\u001b[31mred']) {
    const { stderr } = await linked(name)('raw');
    assert.match(stderr, /^hint: for example: kubectl trace raw GET /m);
    assert.ok(!stderr.includes('\u001b'));
  }
});

test('the name of one run is not that of the next', async () => {
  const hints: string[] = [];
  for (const startedAs of ['/bin/kubectl-api_trace', undefined]) {
    await run(['raw'], testRuntime({ startedAs, err: { write: (text) => void hints.push(text) } }), '0.0.0');
  }
  assert.match(hints[0] ?? '', /kubectl api-trace raw/);
  assert.match(hints[1] ?? '', /kubectl trace raw/);
});
