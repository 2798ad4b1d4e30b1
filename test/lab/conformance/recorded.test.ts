import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultKubernetes } from '../cluster/versions.ts';
import { readRecording, rowsOf, worseThanKubectl } from './recording.ts';

const recording = readRecording();

test('the suite is recorded in the version that the tests use', () => {
  assert.equal(recording.kubernetes, defaultKubernetes);
  assert.ok(Object.keys(recording.functions).length > 0);
});

test('each function that passes with kubectl passes behind `run --` and behind `trace`', () => {
  assert.deepEqual(worseThanKubectl(recording), []);
});

/** Functions that fail with kubectl itself: docs/kubectl.md says why. */
const FAILING = ['run_kubectl_create_kustomization_directory_tests', 'run_multi_resources_tests'];

test('of the other functions none fails with kubectl itself: the suite finds all that it expects', () => {
  const failing = Object.entries(recording.functions).filter(([, { kubectl }]) => kubectl?.passed === false);
  assert.deepEqual(failing.map(([name]) => name).toSorted(), FAILING);
});

test('the whole suite is recorded, with each of the three', () => {
  const functions = Object.values(recording.functions);
  assert.equal(functions.length, recording.suite);
  for (const { kubectl, run, trace } of functions) assert.ok(kubectl && run && trace);
});

test('docs/kubectl.md has the numbers of the recording', () => {
  const document = readFileSync(new URL('../../../docs/kubectl.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ');
  for (const row of rowsOf(recording)) assert.ok(document.includes(row), row);
});
