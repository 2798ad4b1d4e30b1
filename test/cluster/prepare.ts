import { executable, executables } from './build.ts';
import { whyNoNode } from './node/machine.ts';
import { nodeExecutables } from './node/programs.ts';
import { helm, otlpLoad } from './versions.ts';

/** Builds what the test cluster and its node are made of, before any test's clock is running. */
await executables();
await executable(otlpLoad);
await executable(helm);
const why = await whyNoNode();
if (why === undefined) await nodeExecutables();
else process.stderr.write(`no test node on this machine: ${why}\n`);
