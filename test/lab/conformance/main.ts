import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CLIENTS } from './clients.ts';
import { readRecording, record, rowsOf, worseThanKubectl } from './recording.ts';
import { openConformance } from './run.ts';

/**
 * `npm run conformance -- FUNCTION…`: runs Kubernetes' own test of kubectl, or these functions of it, with kubectl, with
 * `kubectl trace run -- kubectl` and with `kubectl trace`. Each that passes with kubectl has to pass with the others. The
 * results are stored in test/fixtures/kubectl/ as they come; with `--missing`, only the missing ones are run. `--client`
 * limits the run to one of the three.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { missing: { type: 'boolean', default: false }, client: { type: 'string', multiple: true } },
});
const clients = CLIENTS.filter((client) => values.client?.includes(client) ?? true);
const logs = await mkdtemp(join(tmpdir(), 'kubectl-trace-conformance-logs-'));
const suite = await openConformance(logs);
const unknown = positionals.filter((name) => !suite.functions.includes(name));

try {
  if (unknown.length > 0)
    throw new Error(`the suite has no ${unknown.join(', ')}: it has ${suite.functions.join(', ')}`);
  for (const name of positionals.length === 0 ? suite.functions : positionals) {
    for (const client of clients) {
      if (values.missing && readRecording().functions[name]?.[client] !== undefined) continue;
      const { passed, seconds, traces, log } = await suite.run(name, client);
      record(name, client, client === 'kubectl' ? { passed } : { passed, traces }, suite.functions);
      const counted = client === 'kubectl' ? '' : `, ${traces} traces`;
      process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name}, ${client}: ${seconds.toFixed(1)} s${counted}\n`);
      if (!passed) process.stdout.write(`       ${log}\n`);
    }
  }
  const recording = readRecording();
  const worse = worseThanKubectl(recording);
  // Rows of docs/kubectl.md.
  process.stdout.write(`${rowsOf(recording).join('\n')}\n${worse.length} worse than kubectl\n`);
  for (const each of worse) process.stdout.write(`  ${each}\n`);
  process.exitCode = worse.length === 0 ? 0 : 1;
} finally {
  await suite.close();
}
