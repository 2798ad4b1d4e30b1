import { createHash } from 'node:crypto';

/** A blob of a registry: its digest and its content. */
export interface Blob {
  readonly digest: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

export interface Image {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layer: Blob;
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const configType = 'application/vnd.oci.image.config.v1+json';
const layerType = 'application/vnd.oci.image.layer.v1.tar';

/** Programs that `kubectl cp` runs in a container. */
const LINKS = ['bin/tar', 'bin/test'];

/**
 * An OCI image of one program, /lab, which every container of it runs with these arguments first. Links give it the
 * names of other programs.
 */
export function imageOf(program: Buffer, args: readonly string[]): Image {
  const links = LINKS.map((name) => entry(name, { target: '/lab' }));
  return image([entry('lab', { content: program }), ...links], { Entrypoint: ['/lab', ...args] });
}

/** An OCI image of one program on the PATH, and of nothing else, as Kubernetes' own images are. */
export function programImage(name: string, program: Buffer): Image {
  return image([entry(`usr/local/bin/${name}`, { content: program })], {});
}

/** An OCI image of files by their paths, which runs these words. */
export function treeImage(files: ReadonlyMap<string, Buffer>, words: readonly string[]): Image {
  const entries = [...files].map(([path, content]) => entry(path.replace(/^\//, ''), { content }));
  return image(entries, { Entrypoint: words });
}

function image(entries: readonly Buffer[], settings: object): Image {
  const layer = blob(layerType, Buffer.concat([...entries, Buffer.alloc(1024)]));
  const config = json(configType, {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: settings,
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const reference = ({ mediaType, digest, content }: Blob): unknown => ({ mediaType, digest, size: content.length });
  const manifest = json(manifestType, {
    schemaVersion: 2,
    mediaType: manifestType,
    config: reference(config),
    layers: [reference(layer)],
  });
  return { manifest, config, layer };
}

function json(mediaType: string, value: unknown): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

function blob(mediaType: string, content: Buffer): Blob {
  return { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, mediaType, content };
}

/** An entry of an archive in the format of POSIX (ustar), an executable file or a link: a header of 512 bytes, then whole blocks. */
function entry(name: string, { content = Buffer.alloc(0), target }: { content?: Buffer; target?: string }): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o755, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(content.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(' '.repeat(8), 148);
  header.write(target === undefined ? '0' : '2', 156);
  header.write(target ?? '', 157);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
