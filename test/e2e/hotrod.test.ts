import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { executable, executables } from '../lab/cluster/build.ts';
import { serverEnvironment } from '../lab/cluster/commands.ts';
import { Supervision } from '../lab/cluster/supervision.ts';
import { hotrod } from '../lab/cluster/versions.ts';
import type { HotrodScene } from '../support/hotrod-scene.ts';
import { inOwnNetwork, unlessNamespaces } from '../support/namespaces.ts';
import { parseDocument, type Document } from '../support/schema.ts';

suite("a ride with Jaeger's HotROD, live", { skip: await unlessNamespaces() }, () => {
  let scene: HotrodScene;
  let document: Document;
  before(async () => {
    scene = await playScene();
    document = parseDocument(scene.json.stdout);
  });

  test('runs on the loopback interface only', () => {
    assert.deepEqual(scene.interfaces, ['lo']);
  });

  test('is drawn as a tree without Kubernetes', () => {
    const { code, stdout, stderr } = scene.tree;
    assert.deepEqual([code, stderr], [0, '']);
    const lines = stdout.split('\n');
    assert.match(lines[0] ?? '', /^▲ The failure began in /);
    assert.match(stdout, new RegExp(`^trace ${scene.traceID}  settled: \\d+ spans of 6 services, `, 'm'));
    // How long each took is chance: which pieces its bar is made of, too.
    for (const [indent, row] of [
      ['', 'frontend  GET /dispatch'],
      ['│  └─ ', 'customer  GET /customer'],
      ['│     └─ ', 'mysql  SQL SELECT'],
      ['│  └─ ', 'driver  driver.DriverService/FindNearest'],
      ['│     ├─ ', 'redis-manual  FindDriverIDs'],
    ] as const) {
      const line = lines.find((each) => each.startsWith(`${indent}${row} `));
      assert.match(line ?? '', / [\d.]+ (ms|µs) +[─█▏▎▍▌▋▊▉]/, `${row} in\n${stdout}`);
    }
    assert.doesNotMatch(stdout, /apiserver|etcd|kubectl trace get/);
    assert.ok(
      lines.every((line) => line.length <= 120),
      stdout,
    );
  });

  test('has every span of every service, and times that add up', () => {
    assert.deepEqual([scene.json.code, scene.json.stderr], [0, '']);
    const { trace, summary, verdict, requests } = document;
    assert.deepEqual([verdict, requests], ['settled', []]);
    const spans = trace?.spans ?? [];
    assert.deepEqual([...new Set(spans.map(({ service }) => service))].sort(), [
      'customer',
      'driver',
      'frontend',
      'mysql',
      'redis-manual',
      'route',
    ]);
    assert.ok(
      spans.every(({ component, inferred }) => !['apiserver', 'etcd', 'client'].includes(component) && !inferred),
    );
    assert.equal(spans.filter(({ parentSpanID }) => parentSpanID === undefined).length, 1);
    // One to find the drivers, ten to each of whom the way is asked for.
    assert.equal(spans.filter(({ service, kind }) => service === 'route' && kind === 'server').length, 10);
    const sum = summary?.components.reduce((total, { nanos }) => total + nanos, 0);
    assert.equal(sum, trace?.durationNanos);
    assert.ok((trace?.durationNanos ?? 0) > 0);
  });
});

/** Everything that is started ends before this resolves, and whenever this process ends. */
async function playScene(): Promise<HotrodScene> {
  // Here, for there is no way to Go's modules from within.
  await executables({ without: ['etcd', 'kube-apiserver', 'kubectl'] });
  await executable(hotrod);
  const supervision = await Supervision.begin();
  try {
    const path = fileURLToPath(new URL('../support/hotrod-scene.ts', import.meta.url));
    const [command, ...args] = inOwnNetwork([process.execPath, path]);
    const log = join(supervision.folder, 'logs', 'scene.log');
    await supervision.start({ name: 'scene', command, args, env: serverEnvironment({}), log });
    const how = await supervision.awaitEnd('scene');
    const told = await readFile(log, 'utf8');
    assert.equal(how, 'exit status 0', told);
    return JSON.parse(told) as HotrodScene;
  } finally {
    await supervision.finish();
  }
}
