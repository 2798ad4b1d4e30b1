import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canFetchDebian, debianFiles, onPath } from '../lab/cluster/debian.ts';

/** Shells that complete command lines. */
export const SHELL_NAMES = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof SHELL_NAMES)[number];

/** All shells, and what bash needs for kubectl's own script. Nothing is installed. */
const PACKAGES = {
  name: 'shells',
  packages: ['bash-completion', 'zsh', 'zsh-common', 'fish', 'fish-common', 'libpcre2-32-0'],
  title: 'zsh, fish and bash-completion',
};

const BASH_COMPLETION = 'usr/share/bash-completion/bash_completion';

const isInstalled = (shell: ShellName): boolean =>
  onPath(shell, process.env) !== undefined && (shell !== 'bash' || existsSync(join('/', BASH_COMPLETION)));

/** Why a shell cannot be had here; false where it can. With CI=true it must. */
export function whyNoShell(shell: ShellName): string | false {
  if (process.env['CI'] === 'true' || isInstalled(shell) || canFetchDebian(process.env)) return false;
  return shell === 'bash' ? 'bash-completion is not installed' : `${shell} is not installed`;
}

/** A line that starts an interactive shell which has run `setup`. Its files are in `folder`. The prompt is `$ `. */
export async function startOf(shell: ShellName, folder: string, setup: string): Promise<string> {
  const root = isInstalled(shell)
    ? '/'
    : await debianFiles(PACKAGES, process.env, (line) => void process.stderr.write(`${line}\n`));
  const config = join(folder, shell);
  mkdirSync(config, { recursive: true });
  const write = (name: string, lines: readonly string[]): string => {
    writeFileSync(join(config, name), [...lines, setup, ''].join('\n'));
    return join(config, name);
  };
  if (shell === 'bash') {
    const file = write('bashrc', [
      `source ${join(root, BASH_COMPLETION)}`,
      `PS1='$ '`,
      "bind 'set show-all-if-ambiguous on'",
    ]);
    return `bash --rcfile ${file} -i`;
  }
  if (shell === 'zsh') {
    const own = root === '/' ? [] : zshPaths(root);
    write('.zshrc', [...own, 'autoload -Uz compinit', 'compinit -u -D', `PS1='$ '`, 'setopt no_beep']);
    return `ZDOTDIR=${config} ${root === '/' ? 'zsh' : join(root, 'bin/zsh')} -d -i`;
  }
  const prompt = [
    `function fish_prompt; printf '$ '; end`,
    'set -g fish_greeting',
    'set -g fish_autosuggestion_enabled 0',
  ];
  write('config.fish', prompt);
  return `XDG_CONFIG_HOME=${folder} ${root === '/' ? 'fish' : relocatedFish(root)}`;
}

/** The folders that Debian's zsh looks for below the root of the system. */
const zshPaths = (root: string): string[] => [
  `module_path=(${root}/usr/lib/*/zsh/*(/))`,
  `fpath=(${root}/usr/share/zsh/functions/**/*(/))`,
];

/** fish finds its files beside itself if `etc` is there too. */
function relocatedFish(root: string): string {
  if (!existsSync(join(root, 'usr/etc'))) symlinkSync('../etc', join(root, 'usr/etc'));
  return `LD_LIBRARY_PATH=$(echo ${root}/usr/lib/*-linux-gnu) ${root}/usr/bin/fish`;
}
