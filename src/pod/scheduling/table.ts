import { CLAIM_RULES } from './claims.ts';
import { DEVICE_RULES } from './devices.ts';
import { ERROR_RULES, WRAPPERS } from './errors.ts';
import { FRAMEWORK_RULES } from './framework.ts';
import { GROUP_RULES } from './groups.ts';
import { NODE_RULES } from './nodes.ts';
import { POD_RULES } from './pods.ts';
import { RESOURCE_RULES } from './resources.ts';
import type { SchedulingRule } from './rule.ts';
import { compileTemplate, readTemplate, type Template } from './template.ts';
import { VOLUME_RULES } from './volumes.ts';

/**
 * Every message with which the scheduler of Kubernetes 1.29 to 1.37 turns a pod away; the first that fits counts.
 * `npm run scheduler-messages` compares it with the scheduler's source.
 */
export const SCHEDULING_RULES: readonly SchedulingRule[] = [
  ...RESOURCE_RULES,
  ...NODE_RULES,
  ...POD_RULES,
  ...CLAIM_RULES,
  ...VOLUME_RULES,
  ...DEVICE_RULES,
  ...GROUP_RULES,
  ...FRAMEWORK_RULES,
  ...ERROR_RULES,
];

export interface ReadMessage {
  readonly rule: SchedulingRule;
  readonly words: readonly string[];
}

/** The scheduler wraps an error a few times. A text from another writer may be wrapped without limit. */
const MAX_WRAPPERS = 16;

/** Undefined for a message that no rule of Kubernetes' own scheduler has: the text of an extender, or of a plugin. */
export function readMessage(text: string, depth = 0): ReadMessage | undefined {
  const inner = depth < MAX_WRAPPERS ? unwrapped(text) : undefined;
  const known = inner === undefined ? undefined : readMessage(inner, depth + 1);
  if (known !== undefined) return known;
  const sentence = firstSentence(text);
  const readings = sentence === text ? [text] : [text, sentence];
  for (const rule of SCHEDULING_RULES) {
    for (const template of rule.says) {
      const compiled = templateOf(template);
      for (const reading of readings) {
        const words = readTemplate(compiled, reading);
        if (words !== undefined) return { rule, words };
      }
    }
  }
  return undefined;
}

/** The error inside `running "VolumeBinding" filter plugin: …`. */
function unwrapped(text: string): string | undefined {
  for (const wrapper of WRAPPERS) {
    const words = readTemplate(templateOf(wrapper), text);
    if (words !== undefined) return words.at(-1);
  }
  return undefined;
}

/** Preemption of 1.26 to 1.29 may add a sentence: `pod has unbound immediate PersistentVolumeClaims. not found`. */
const firstSentence = (text: string): string => text.replace(/\. [^]*$|\.$/, '');

const templates = new Map<string, Template>();

function templateOf(text: string): Template {
  const known = templates.get(text);
  if (known !== undefined) return known;
  const template = compileTemplate(text);
  templates.set(text, template);
  return template;
}
