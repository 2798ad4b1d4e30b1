import { redactCommand } from '../../format/redact-command.ts';
import { shell, ShellPart, shellWord } from '../../format/shell-command.ts';
import { programPart } from '../../format/program-name.ts';

/** Flags of clients that name a server, and ours for the same. */
const OURS: Readonly<Record<string, string>> = {
  '--kubeconfig': '--kubeconfig',
  '--context': '--context',
  '--cluster': '--cluster',
  '--server': '--server',
  '--kube-context': '--context',
  '--kube-apiserver': '--server',
};

/** The hint for a command that named a server itself and sent nothing through the proxy; undefined for any other. */
export function elsewhere(command: readonly string[]): string | undefined {
  const end = command.indexOf('--');
  for (const [at, word] of command.slice(0, end === -1 ? undefined : end).entries()) {
    const [, flag = '', attached] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const ours = OURS[flag];
    const value = attached ?? command[at + 1];
    if (ours === undefined || value === undefined) continue;
    const rest = command.toSpliced(at, attached === undefined ? 2 : 1);
    const words = new ShellPart(redactCommand(rest).map(shellWord).join(' '));
    const whole = shell`${programPart()} run ${new ShellPart(ours)} ${value} -- ${words}`;
    return `the proxy leads to one server, so that ${flag} stands before the two dashes: ${whole}`;
  }
  return undefined;
}
