import * as path from 'node:path';
import { platformOf, type Platform } from '../../src/platform.ts';

export const LINUX: Platform = platformOf('linux', path);
export const MACOS: Platform = platformOf('darwin', path);
export const WINDOWS: Platform = platformOf('win32', path);

/** The one that the tests run on. */
export const HERE: Platform = platformOf(process.platform, path);
