import packageJSON from '../../package.json' with { type: 'json' };
import { fileFor, packagedTextFor } from '../../src/commands/completion/shim.ts';
import type { Released } from './krew.ts';
import { archiveOf, TARGETS, type Target } from './targets.ts';

const NAME = 'kubectl-trace';
const SUMMARY = 'Plugin of kubectl that shows where the time of a request went';

interface Archive {
  readonly target: Target;
  readonly url: string;
  readonly sha256: string;
}

function archives({ version, downloads, sha256 }: Released): readonly Archive[] {
  return TARGETS.map((target) => {
    const archive = archiveOf(target, version);
    const sum = sha256.get(archive);
    if (sum === undefined) throw new Error(`there is no SHA-256 of ${archive}`);
    return { target, url: `${downloads}/${archive}`, sha256: sum };
  });
}

/** A formula for a tap of Homebrew (docs.brew.sh/Formula-Cookbook), on macOS and Linux. */
export function homebrewFormula(released: Released): string {
  const all = archives(released);
  const platform = (os: Target['os']): string =>
    all
      .filter(({ target }) => target.os === os)
      .map(({ target: { arch }, url, sha256 }) => {
        const cpu = arch === 'arm64' ? 'arm' : 'intel';
        return `    on_${cpu} do\n      url "${url}"\n      sha256 "${sha256}"\n    end\n`;
      })
      .join('');
  return `class KubectlTrace < Formula
  desc "${SUMMARY}"
  homepage "${released.homepage}"
  version "${released.version}"
  license "${packageJSON.license}"

  on_macos do
${platform('darwin')}  end

  on_linux do
${platform('linux')}  end

  def install
    bin.install "${NAME}"
    (bin/"${fileFor(NAME)}").write <<~'SH'
${packagedTextFor(NAME).replace(/^/gm, '      ').trimEnd()}
    SH
    chmod 0755, bin/"${fileFor(NAME)}"
    man1.install Dir["man/man1/*.1"]
    prefix.install "LICENSE", "THIRD-PARTY-NOTICES"
  end

  test do
    assert_equal "${NAME} v#{version}\\n", shell_output("#{bin}/${NAME} version")
  end
end
`;
}

/** A manifest for a bucket of Scoop (github.com/ScoopInstaller/Scoop/wiki/App-Manifests), on Windows. */
export function scoopManifest(released: Released): string {
  const found = archives(released).find(({ target }) => target.os === 'windows');
  if (found === undefined) throw new Error('there is no archive for Windows');
  const { version, homepage, downloads } = released;
  const manifest = {
    version,
    description: SUMMARY,
    homepage,
    license: packageJSON.license,
    architecture: { '64bit': { url: found.url, hash: found.sha256 } },
    bin: `${NAME}.exe`,
    checkver: 'github',
    autoupdate: {
      architecture: {
        '64bit': { url: `${downloads}/${archiveOf(found.target, version)}`.replaceAll(version, '$version') },
      },
      hash: { url: '$baseurl/SHA256SUMS' },
    },
  };
  return `${JSON.stringify(manifest, null, 4)}\n`;
}
