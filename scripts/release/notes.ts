/** The section of a version in CHANGELOG.md. Throws when it has no section of it, or an empty one. */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((one) => one.split('\n', 1)[0]?.split(' ', 1)[0] === version);
  const text = section?.slice(section.indexOf('\n')).trim() ?? '';
  if (text === '') throw new Error(`CHANGELOG.md has no section "## ${version}", or nothing in it`);
  return `${text}\n`;
}
