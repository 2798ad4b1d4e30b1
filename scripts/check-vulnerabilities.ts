import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundle } from './build/bundle.ts';
import { foldersOf } from './build/packages.ts';
import { vulnerabilitiesOf, type AuditReport, type Vulnerabilities } from './dependencies/vulnerabilities.ts';

/**
 * `npm run vulnerabilities`: queries npm's registry for known vulnerabilities of all packages, before a release. One in a
 * package of the program ends it with 1, whatever its severity; one of a tool is printed. 2: no report. Needs a network.
 */
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// esbuild has the real path of a linked node_modules, npm the path from here.
const bundled = new Set(
  foldersOf((await bundle('dist')).sources).map((folder) => folder.replace(/^.*?(?=node_modules\/)/, '')),
);
try {
  print(vulnerabilitiesOf(await audit(), bundled));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

/** npm ends with 1 where there is a vulnerability, or no response. */
function audit(): Promise<AuditReport> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
    execFile('npm', ['audit', '--json'], options, (_error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as AuditReport);
      } catch {
        reject(new Error(`npm audit made no report: ${stderr.trim()}`));
      }
    });
  });
}

function print({ program, tools }: Vulnerabilities): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(`${program.length} known vulnerabilities in the ${bundled.size} packages of the program`);
  for (const line of program) say(`  ${line}`);
  say(`${tools.length} in tools for development`);
  for (const line of tools) say(`  ${line}`);
  if (program.length > 0) process.exitCode = 1;
}
