import { execFile } from 'node:child_process';
import { chmod, copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BUILDER } from '../node-binaries/pinned.ts';
import { nodeBinary } from './node-package.ts';
import { sign } from './signature.ts';
import type { Target } from './targets.ts';

const execute = promisify(execFile);

/** By this string Node.js knows that something was added to it (lib/internal/main/mksnapshot, `node_sea.cc`). */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * V8's flag of the launcher, see ADR 2. An empty configuration of OpenSSL: that of OPENSSL_CONF could load a library. The
 * two dashes are for the name that the program is started by, which Node.js repeats behind these and would read as a flag
 * of its own (`FixupArgsForSEA` in node_sea.cc): `exec -a --require=FILE`.
 */
const nodeArguments = ({ os }: Target): readonly string[] => [
  '--min-semi-space-size=16',
  `--openssl-config=${os === 'windows' ? 'NUL' : '/dev/null'}`,
  '--',
];

/** The files that main.js reads. */
const ASSETS = /^(?!main\.js$).*\.js$|^(?:texts|completion|page).*\.json$/;

/**
 * Makes `output` of the built program in `dist` and the target's Node.js. Code is not compiled in advance: that is only
 * possible for this platform, and differs between two builds. The executable does not read NODE_OPTIONS.
 */
export async function makeExecutable(target: Target, dist: string, output: string): Promise<void> {
  const binary = await nodeBinary(target.node);
  // A link in its place would lead into another file.
  await rm(output, { force: true });
  const assets = (await readdir(dist)).filter((name) => ASSETS.test(name)).sort();
  const config = {
    main: 'main.js',
    disableExperimentalSEAWarning: true,
    useCodeCache: false,
    useSnapshot: false,
    execArgv: nodeArguments(target),
    execArgvExtension: 'none',
    assets: Object.fromEntries(assets.map((name) => [name, name])),
  };
  if (target.os === 'linux') await injectBlob(config, binary, dist, output);
  else await buildDirectly(config, binary, dist, output);
  await chmod(output, 0o755);
  if (target.os === 'darwin') await sign(output);
}

type Config = Readonly<Record<string, unknown>>;

/** Node.js 24 makes only the blob. The one that runs this has the version of the targets for Linux. */
async function injectBlob(config: Config, binary: string, dist: string, output: string): Promise<void> {
  const [blob, file] = [`${output}.blob`, `${output}.json`];
  try {
    await writeFile(file, JSON.stringify({ ...config, output: blob }));
    await execute(process.execPath, ['--experimental-sea-config', file], { cwd: dist });
    await copyFile(binary, output);
    await chmod(output, 0o755);
    const postject = fileURLToPath(import.meta.resolve('postject/dist/cli.js'));
    await execute(process.execPath, [postject, output, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE]);
  } finally {
    await Promise.all([blob, file].map((one) => rm(one, { force: true })));
  }
}

/** Node.js 26 makes the executable, of a binary of the same version. */
async function buildDirectly(config: Config, binary: string, dist: string, output: string): Promise<void> {
  const builder = await nodeBinary(BUILDER);
  const file = `${output}.json`;
  try {
    await writeFile(file, JSON.stringify({ ...config, executable: binary, output }));
    await execute(builder, ['--build-sea', file], { cwd: dist });
  } finally {
    await rm(file, { force: true });
  }
}
