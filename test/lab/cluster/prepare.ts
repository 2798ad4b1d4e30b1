import { executablesOf } from './build.ts';
import { whyNoNode } from './node/machine.ts';
import { nodeExecutables } from './node/programs.ts';
import { nodePrograms } from './node/versions.ts';
import { backendPrograms, helm, hotrod, otlpLoad, packetTimes, serversOf } from './versions.ts';
import { convert } from '../conformance/servers.ts';
import { setupReaders } from '../../support/setup-readers.ts';
import { zipkin } from './zipkin.ts';
import { chromium, whyNoChromium } from '../../support/chromium.ts';

/** Builds what the test cluster, its node and further trace backends are made of, before any test's clock is running. */
async function prepare(): Promise<void> {
  const why = await whyNoNode();
  const node = why === undefined ? nodePrograms : [];
  // All at once, so that an error names all that is missing.
  const programs = [
    ...serversOf(),
    otlpLoad,
    packetTimes,
    helm,
    hotrod,
    ...backendPrograms,
    convert,
    ...setupReaders,
    ...node,
  ];
  await executablesOf(programs, {});
  if (why === undefined) await nodeExecutables();
  else process.stderr.write(`no test node on this machine: ${why}\n`);
  const noBrowser = whyNoChromium();
  if (noBrowser === false) await chromium();
  else process.stderr.write(`no browser on this machine: ${noBrowser}\n`);
  const java = await zipkin();
  if ('missing' in java) process.stderr.write(`${java.missing}\n`);
}

try {
  await prepare();
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.stderr.write('hint: npm run check needs none of them, and npm run demo takes its servers from an archive\n');
  process.exitCode = 1;
}
