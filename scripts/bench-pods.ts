import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manyPods, withManagedFields } from '../test/support/many-pods.ts';
import { answer } from '../test/support/object-server.ts';
import { peakMemory } from '../test/support/peak-memory.ts';
import { MANY_PODS_NOW } from '../test/support/pod-faults.ts';
import { median } from './bench/paired-runs.ts';

/**
 * `npm run bench:pods`: `pod -A` with 5,000 pods, of which 60 are broken in 9 ways: its time, memory and requests. The
 * responses of the simulated API server are computed before, so that only the program is measured. Ends with 1 when a goal
 * is missed.
 */
const PODS = 5000;
const ROUNDS = 5;
const GOALS = { seconds: 3, mebibytes: 300, requests: 20 };
const launcher = fileURLToPath(new URL('../bin/kubectl-trace', import.meta.url));

const objects = withManagedFields(manyPods(PODS));
const known = new Map<string, ReturnType<typeof answer>>();
let requests = 0;
let bytes = 0;
const server = createServer((request, response) => {
  requests++;
  const url = request.url ?? '/';
  const { code, type, body } = known.get(url) ?? answer({ objects }, request);
  known.set(url, { code, type, body });
  bytes += body.length;
  response.sendDate = false;
  response.writeHead(code, { 'content-type': type, date: new Date(MANY_PODS_NOW).toUTCString() }).end(body);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-pods-'));

interface Run {
  readonly seconds: number;
  readonly mebibytes: number;
  readonly requests: number;
  readonly headline: string;
}

function runOnce(): Promise<Run> {
  requests = 0;
  bytes = 0;
  const started = performance.now();
  const child = spawn(launcher, ['pod', '-A', '--server', `http://127.0.0.1:${port}`], {
    env: { PATH: process.env['PATH'], HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const peak = peakMemory(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ seconds, mebibytes: peak(), requests, headline: output.split('\n')[0] ?? '' });
    });
  });
}

try {
  // The first run fills the server's responses.
  await runOnce();
  const runs: Run[] = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await runOnce());
  const found = {
    seconds: median(runs.map(({ seconds }) => seconds)),
    mebibytes: Math.max(...runs.map(({ mebibytes }) => mebibytes)),
    requests: Math.max(...runs.map((run) => run.requests)),
  };
  process.stdout.write(`${runs[0]?.headline}\n${(bytes / 2 ** 20).toFixed(1)} MiB of responses\n`);
  for (const [name, goal] of Object.entries(GOALS) as [keyof typeof GOALS, number][]) {
    const isMet = found[name] <= goal;
    if (!isMet) process.exitCode = 1;
    process.stdout.write(
      `${name.padEnd(10)} ${found[name].toFixed(2).padStart(8)}  goal ${goal}  ${isMet ? 'met' : 'MISSED'}\n`,
    );
  }
} finally {
  server.close();
  await rm(home, { recursive: true, force: true });
}
