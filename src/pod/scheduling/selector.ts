import { listOf, objectOf, textOf, textsOf, type APIObject } from '../fields.ts';

/** A label selector of the API as it matches labels (k8s.io/apimachinery pkg/apis/meta/v1/helpers.go). */
export function selects(selector: APIObject, labels: Readonly<Record<string, string>>): boolean {
  const equal = Object.entries(objectOf(selector['matchLabels']));
  return (
    equal.every(([key, value]) => labels[key] === value) &&
    listOf(selector['matchExpressions']).every((expression) => matches(expression, labels))
  );
}

function matches(expression: APIObject, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[textOf(expression['key']) ?? ''];
  const values = textsOf(expression['values']);
  switch (expression['operator']) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** As `kubectl get -l` takes it: `app=web,tier in (a,b)`. */
export function selectorWords(selector: APIObject): string {
  const equal = Object.entries(objectOf(selector['matchLabels'])).map(([key, value]) => `${key}=${String(value)}`);
  const expressions = listOf(selector['matchExpressions']).map((expression) => {
    const key = textOf(expression['key']) ?? '';
    const list = `(${textsOf(expression['values']).join(',')})`;
    if (expression['operator'] === 'In') return `${key} in ${list}`;
    if (expression['operator'] === 'NotIn') return `${key} notin ${list}`;
    return expression['operator'] === 'DoesNotExist' ? `!${key}` : key;
  });
  return [...equal, ...expressions].join(',');
}
