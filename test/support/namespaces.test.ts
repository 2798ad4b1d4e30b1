import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { inOwnNetwork, onHost, unlessNamespaces, whyNoNamespaces, type Command } from './namespaces.ts';

async function outputOf([program, ...args]: Command): Promise<string> {
  return (await promisify(execFile)(program, args)).stdout;
}

suite('a program in its own namespaces', { skip: await unlessNamespaces() }, () => {
  test('has loopback, and no other network', async () => {
    const interfaces = 'Object.entries(os.networkInterfaces()).map(([name, [{ address }]]) => [name, address])';
    const printed = await outputOf(inOwnNetwork([process.execPath, '-p', `JSON.stringify(${interfaces})`]));
    assert.deepEqual(JSON.parse(printed), [['lo', '127.0.0.1']]);
  });

  test("has another host name, and this machine's name is unchanged", async () => {
    const before = hostname();
    const words = ['-p', 'os.hostname() + process.argv[1]', ' "it\'s"'];
    assert.equal(await outputOf(onHost('control-plane-2', [process.execPath, ...words])), 'control-plane-2 "it\'s"\n');
    assert.equal(hostname(), before);
  });
});

test('without namespaces the reason is reported', async () => {
  assert.match((await whyNoNamespaces({ PATH: '/nowhere' })) ?? 'nothing is lacking', /namespaces/);
});
