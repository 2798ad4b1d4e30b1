import { readFile } from 'node:fs/promises';
import { toJSON } from '../../src/report/json.ts';
import type { JSONObject } from '../../src/report/json-value.ts';
import { recordedReport, recordedStory } from '../support/recorded-report.ts';

/** A document that `-o json` has printed. */
export const fixture = async (name: string): Promise<JSONObject> =>
  JSON.parse(await readFile(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as JSONObject;

/** A recorded request as the document that `-o json` prints of it. */
export const recorded = (minor: number, name: string, command: string): JSONObject =>
  printed(toJSON(recordedReport(recordedStory(minor, name), { command, objectCount: 1, found: true })));

/** As it is after it was printed and read. */
export const printed = (document: JSONObject): JSONObject => JSON.parse(JSON.stringify(document)) as JSONObject;

export const WEBHOOK = 'screens/create-without-tracing.json';
