import { programNameOf, USUAL_FILE } from '../../format/program-name.ts';
import type { Observed } from '../observed.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';

/** Does kubectl start this program under the name that it was started under? */
export function checkInstallation({
  installation: { name, self, first, isSelf, longer, exposed },
}: Observed): CheckResult {
  const looked = [
    `this program: ${self ?? 'not known'}`,
    `first ${name} on the PATH: ${first ?? 'none'}`,
    ...longer.map((path) => `a longer name than ours: ${path}`),
    ...(exposed === null
      ? []
      : [`compiled code is not stored, and starting is slower: others may write to ${exposed}`]),
  ];
  if (first !== null && !isSelf) {
    return wrong('installation', 'warning', 'ProgramShadowed', `another program is found before this one: ${first}`, {
      looked,
      fix: [
        `remove it, or put the folder of ${self ?? 'this program'} before its folder on the PATH`,
        ...(name === USUAL_FILE ? ['krew has another plugin named trace: kubectl krew uninstall trace'] : []),
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
    return unknown('installation', `no ${name} is on the PATH: ${programNameOf(name)} does not find it`, { looked });
  return ok('installation', `the first on the PATH is this program: ${first}`, { looked });
}
