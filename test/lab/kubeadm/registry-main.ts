import { readFile } from 'node:fs/promises';
import { setInterval } from 'node:timers';
import { programImage } from '../cluster/node/image.ts';
import { serveImage } from '../serve-pod/image.ts';
import { labImages, Registry } from '../cluster/node/registry.ts';

/**
 * `registry-main.ts PORT LAB TAG=PROGRAM…`: a registry in another network than the tests', with an image of each program.
 * The one of `kubectl-trace` has Node.js as well.
 */
const [port, lab, ...programs] = process.argv.slice(2);
const images = new Map(await labImages(lab!));
for (const each of programs) {
  const [tag, path] = each.split('=') as [string, string];
  const name = tag.split(':')[0]!;
  images.set(tag, name === 'kubectl-trace' ? await serveImage(path) : programImage(name, await readFile(path)));
}
await Registry.serve(images, Number(port));
process.stdout.write('ready\n');
// The registry alone does not keep this process running.
setInterval(() => {}, 3_600_000);
