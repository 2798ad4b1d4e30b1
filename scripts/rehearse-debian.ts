import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cacheFolder, cacheHome } from './cache-folder.ts';

/**
 * `npm run rehearse:debian [-- --all] [-- --root FOLDER]`: what a newcomer does on stock Debian 12, which has no
 * libatomic1, in a separate root: clone, then the two commands of README.md. `npm ci && npm run demo` always, `npm cit`
 * with --all. FOLDER keeps the root for the next time.
 *
 * Needs root, debootstrap and Go. The root gets Debian's own npm and git; Go and the caches of built servers are mounted
 * from this machine, so that the rehearsal takes minutes. The mounts live in a mount namespace and go with it.
 */

const repository = fileURLToPath(new URL('..', import.meta.url));
const goEnv = (name: string): string => execFileSync('go', ['env', name], { encoding: 'utf8' }).trim();

/** The certificate authorities of this machine: its way to the registries may have one more than Debian's. */
const AUTHORITIES = 'etc/ssl/certs/ca-certificates.crt';

/** Where this machine's apt gets Debian from. */
function debianMirror(): string {
  const targets = execFileSync('apt-get', ['indextargets', '--format', '$(SITE)', 'Codename: bookworm'], {
    encoding: 'utf8',
  });
  const [site] = targets.split('\n');
  if (!site) throw new Error('apt on this machine knows no bookworm: run apt-get update on Debian 12');
  return site;
}

function makeRoot(root: string): void {
  const run = (command: string, ...args: string[]): void => {
    execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  };
  run('debootstrap', '--variant=minbase', '--include=ca-certificates', 'bookworm', root, debianMirror());
  for (const file of ['etc/resolv.conf', AUTHORITIES]) run('cp', '-L', join('/', file), join(root, file));
  // Debian's installer writes it, debootstrap does not.
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  run('chroot', root, 'apt-get', 'update', '-qq');
  const packages = ['npm', 'git', 'procps', 'iproute2', 'openssl', 'bsdutils', 'gpg', 'man-db', 'default-jre-headless'];
  // Java's scripts need /proc.
  const install = `mount -t proc proc "${root}/proc"; chroot "${root}" apt-get install -qq -y --no-install-recommends`;
  run('unshare', '--mount', '--propagation', 'private', 'sh', '-c', `${install} ${packages.join(' ')}`);
  const libraries = execFileSync('chroot', [root, 'ldconfig', '-p'], { encoding: 'utf8' });
  if (libraries.includes('libatomic')) throw new Error('the root has libatomic: it proves nothing');
}

/** Everything that is mounted, each at the place that it has on this machine. */
function mountScript(root: string): string {
  const shared = [goEnv('GOROOT'), goEnv('GOMODCACHE'), goEnv('GOCACHE'), cacheFolder('')];
  const binds = ['/dev', '/sys', ...shared.filter((path) => existsSync(path))];
  // The root becomes that of the mount namespace, as in a container: what joins the namespace, as a test node does, would
  // leave a mere chroot.
  return [
    'set -e',
    `mount --bind "${root}" "${root}"`,
    ...binds.map((path) => `mkdir -p "${root}${path}"; mount --rbind "${path}" "${root}${path}"`),
    `mount -t proc proc "${root}/proc"`,
    `cd "${root}"; mkdir -p .host; pivot_root . .host; umount -l /.host; exec /bin/sh /rehearse.sh`,
  ].join('\n');
}

function rehearsal(commands: readonly string[]): string {
  const passed = ['GOPROXY', 'GOSUMDB', 'GOFLAGS', 'GOMODCACHE', 'GOCACHE'].map(
    (name) => `export ${name}='${goEnv(name)}'`,
  );
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  return [
    'set -e',
    `export HOME=/root XDG_CACHE_HOME='${cacheHome()}' PATH='${goEnv('GOROOT')}/bin':/usr/sbin:/usr/bin:/sbin:/bin`,
    ...passed,
    `export npm_config_registry='${registry}' NODE_EXTRA_CA_CERTS='/${AUTHORITIES}'`,
    'cd /src',
    ...commands.map((command) => `echo "+ ${command}"; ${command}`),
    'echo "the launcher runs $(bin/kubectl-trace version)"',
    '',
  ].join('\n');
}

/**
 * The checks need an npm that runs on Node.js 20.19 or newer: below that, npm leaves out the optional packages of the
 * formatter and the linter, without an error. Debian 12 has Node.js 18.
 */
const NEWER_NODE = [
  `npm install --global node-linux-${process.arch}@${process.versions.node} npm@10`,
  'export PATH=/usr/local/bin:"$PATH"; hash -r',
];

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { all: { type: 'boolean' }, root: { type: 'string' } } });
  const commands = ['npm ci', 'npm run demo', ...(values.all === true ? [...NEWER_NODE, 'CI=true npm cit'] : [])];
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-debian-'));
  const root = values.root === undefined ? join(folder, 'root') : resolve(values.root);
  try {
    if (!existsSync(join(root, 'etc'))) {
      mkdirSync(root, { recursive: true });
      makeRoot(root);
    }
    rmSync(join(root, 'src'), { recursive: true, force: true });
    execFileSync('git', ['clone', '-q', repository, join(root, 'src')]);
    writeFileSync(join(root, 'rehearse.sh'), rehearsal(commands));
    const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', mountScript(root)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return await new Promise((end, reject) => {
      child.once('error', reject);
      child.once('close', (code) => end(code ?? 1));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
