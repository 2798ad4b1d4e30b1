import type { Observed } from '../observed.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';

/** Does `kubectl trace` start this program? */
export function checkInstallation({ installation: { self, first, isSelf, longer } }: Observed): CheckResult {
  const looked = [
    `this program: ${self ?? 'not known'}`,
    `first kubectl-trace on the PATH: ${first ?? 'none'}`,
    ...longer.map((path) => `a longer name than ours: ${path}`),
  ];
  if (first !== null && !isSelf) {
    return wrong('installation', 'warning', 'ProgramShadowed', `another program is found before this one: ${first}`, {
      looked,
      fix: [
        `remove it, or put the folder of ${self ?? 'this program'} before its folder on the PATH`,
        'krew has another plugin named trace: kubectl krew uninstall trace',
      ],
    });
  }
  if (longer.length > 0) {
    return wrong('installation', 'warning', 'ProgramHijacked', `${longer.join(', ')} hides commands of ours`, {
      looked,
      fix: ['rename or remove these files: kubectl starts the plugin with the longest name'],
    });
  }
  if (first === null)
    return unknown('installation', 'no kubectl-trace is on the PATH: kubectl trace does not find it', { looked });
  return ok('installation', `the first on the PATH is this program: ${first}`, { looked });
}
