import { executable, executables } from './build.ts';
import { whyNoNode } from './node/machine.ts';
import { nodeExecutables } from './node/programs.ts';
import { backendPrograms, helm, hotrod, otlpLoad, packetTimes } from './versions.ts';
import { convert } from '../conformance/servers.ts';
import { zipkin } from './zipkin.ts';

/** Builds what the test cluster, its node and further trace backends are made of, before any test's clock is running. */
await executables();
for (const program of [otlpLoad, packetTimes, helm, hotrod, ...backendPrograms, convert]) await executable(program);
const why = await whyNoNode();
if (why === undefined) await nodeExecutables();
else process.stderr.write(`no test node on this machine: ${why}\n`);
const java = await zipkin();
if ('missing' in java) process.stderr.write(`${java.missing}\n`);
