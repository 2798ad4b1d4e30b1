import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENTS, type Client } from './clients.ts';
import { openConformance, type Result } from './run.ts';

/**
 * `npm run conformance -- FUNCTION…`: runs Kubernetes' own test of kubectl, or these functions of it, with kubectl, with
 * `kubectl trace run -- kubectl` and with `kubectl trace`. Each that passes with kubectl has to pass with the others.
 */
const names = process.argv.slice(2);
const logs = await mkdtemp(join(tmpdir(), 'kubectl-trace-conformance-logs-'));
const suite = await openConformance(logs);
const unknown = names.filter((name) => !suite.functions.includes(name));
const functions = names.length === 0 ? suite.functions : names;
const counts: Record<Client, number> = { kubectl: 0, run: 0, trace: 0 };
let worse = 0;

try {
  if (unknown.length > 0)
    throw new Error(`the suite has no ${unknown.join(', ')}: it has ${suite.functions.join(', ')}`);
  for (const name of functions) {
    const results = new Map<Client, Result>();
    for (const client of CLIENTS) {
      const result = await suite.run(name, client);
      results.set(client, result);
      if (result.passed) counts[client]++;
    }
    const plain = results.get('kubectl')!;
    const differing = CLIENTS.filter((client) => plain.passed && !results.get(client)!.passed);
    worse += differing.length;
    process.stdout.write(`${name}: ${[...results].map(([client, result]) => cell(client, result)).join(', ')}\n`);
    for (const client of differing) process.stdout.write(`  ${results.get(client)!.log}\n`);
  }
  process.stdout.write(
    `${functions.length} functions: ${CLIENTS.map((client) => `${counts[client]} pass with ${client}`).join(', ')}; ${worse} worse than kubectl\n`,
  );
  process.exitCode = worse === 0 ? 0 : 1;
} finally {
  await suite.close();
}

function cell(client: Client, { passed, seconds, traces }: Result): string {
  const words = `${client} ${passed ? 'ok' : 'FAILED'} ${seconds.toFixed(1)} s`;
  return client === 'kubectl' ? words : `${words}, ${traces} traces`;
}
