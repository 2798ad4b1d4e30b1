/** Feature gates about tracing, as the help of a Kubernetes program lists them. */
const GATE = /\b(?:APIServer|Kubelet)Tracing=/;

/** Flags of tracing: `--tracing-config-file`, and those of etcd. */
const FLAG = /^\s+--[\w-]*tracing[\w-]*\b/;

/** Lines of a program's help about tracing: flags with their defaults, and feature gates. */
export function tracingFlagsIn(help: string): string {
  const lines = help.split('\n').filter((line) => FLAG.test(line) || GATE.test(line));
  return lines.map((line) => `${line.trim()}\n`).join('');
}
