import { writeObserved } from './observed.ts';
import { record } from './record.ts';
import { workloads } from './workloads.ts';

/**
 * `npm run record:healthy -- [--without-program] WORKLOAD…`: records these workloads again, or all of them without a
 * name, and runs the built program beside each.
 */
const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !workloads.some((workload) => workload.name === name));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

if (unknown.length > 0) {
  process.stderr.write(
    `no workload ${unknown.join(', ')}: there are ${workloads.map(({ name }) => name).join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  const chosen = names.length === 0 ? workloads : workloads.filter(({ name }) => names.includes(name));
  const withProgram = !args.includes('--without-program');
  const { observed, failures } = await record(chosen, { withProgram, signal: interrupted.signal });
  if (withProgram) {
    for (const { workload, states, settled, gone, alarms } of observed) {
      const counts = Object.entries(states).map(([state, times]) => `${times} ${state}`);
      process.stdout.write(`${workload}: ${counts.join(', ')}; settled: ${settled}; gone: ${gone}\n`);
      for (const alarm of alarms) process.stdout.write(`  false alarm: ${alarm}\n`);
    }
    writeObserved(observed.filter(({ workload }) => !failures.includes(workload)));
  }
  if (failures.length > 0 || observed.some(({ alarms }) => alarms.length > 0)) process.exitCode = 1;
}
