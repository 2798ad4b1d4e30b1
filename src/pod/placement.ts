import { listOf, numberOf, objectOf, textOf, textsOf, type APIObject } from './fields.ts';

/** Which taints a pod puts up with; without a key all of them. */
export interface Toleration {
  readonly key: string | undefined;
  /** Undefined with the operator Exists: any value will do. */
  readonly value: string | undefined;
  /** Undefined: any effect. */
  readonly effect: string | undefined;
  /** How long a pod stays on a node with the taint NoExecute, in seconds; undefined: for good. */
  readonly seconds?: number | undefined;
}

/** A taint, and how many nodes have it. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
  readonly nodes: number;
}

/** Node labels that a pod requires: its node selector, and the terms of its required node affinity. */
export function labelsOf(spec: APIObject): readonly string[] {
  const selector = Object.entries(objectOf(spec['nodeSelector'])).map(([key, value]) => `${key}=${String(value)}`);
  const affinity = objectOf(objectOf(spec['affinity'])['nodeAffinity']);
  return [...selector, ...requirementsOf(affinity['requiredDuringSchedulingIgnoredDuringExecution'])];
}

/** The label requirements of a node selector (core/v1 NodeSelector) in words: `zone In (a, b)`. */
export const requirementsOf = (nodeSelector: unknown): readonly string[] =>
  listOf(objectOf(nodeSelector)['nodeSelectorTerms'])
    .flatMap((term) => listOf(term['matchExpressions']))
    .map((expression) => {
      const values = textsOf(expression['values']);
      const list = values.length === 0 ? '' : ` (${values.join(', ')})`;
      return `${textOf(expression['key']) ?? ''} ${textOf(expression['operator']) ?? ''}${list}`;
    });

export const tolerationsOf = (spec: APIObject): readonly Toleration[] =>
  listOf(spec['tolerations']).map((toleration) => ({
    key: textOf(toleration['key']),
    value: toleration['operator'] === 'Exists' ? undefined : (textOf(toleration['value']) ?? ''),
    effect: textOf(toleration['effect']),
    seconds: numberOf(toleration['tolerationSeconds']),
  }));

/** The taints of nodes that keep pods away, each once, from the one that most nodes have. */
export function taintsOf(nodes: readonly unknown[]): readonly Taint[] {
  const taints = new Map<string, Taint>();
  for (const node of nodes) {
    for (const taint of listOf(objectOf(objectOf(node)['spec'])['taints'])) {
      const { key, value, effect } = taint;
      if (effect === 'PreferNoSchedule') continue;
      const name = `${String(key)}=${String(value)}:${String(effect)}`;
      const known = taints.get(name);
      taints.set(name, {
        key: textOf(key) ?? '',
        value: textOf(value) ?? '',
        effect: textOf(effect) ?? '',
        nodes: (known?.nodes ?? 0) + 1,
      });
    }
  }
  return [...taints.values()].sort((one, other) => other.nodes - one.nodes);
}

/** As k8s.io/component-helpers scheduling/corev1 decides it. */
export const isTolerated = (taint: Taint, tolerations: readonly Toleration[]): boolean =>
  tolerations.some(
    ({ key, value, effect }) =>
      (effect === undefined || effect === taint.effect) &&
      (key === undefined ? value === undefined : key === taint.key) &&
      (value === undefined || value === taint.value),
  );
