import { readFile } from 'node:fs/promises';
import { refusedLicences, type LockFile } from './dependencies/licences.ts';

/**
 * `npm run licences`: refuses a package of package-lock.json whose licence is not permitted. The build collects the texts
 * of those that are in the program, and refuses one that has no text.
 */
const lock = JSON.parse(await readFile(new URL('../package-lock.json', import.meta.url), 'utf8')) as LockFile;
const refused = refusedLicences(lock);
for (const line of refused) process.stdout.write(`${line}\n`);
if (refused.length > 0) process.exitCode = 1;
