/** One step of an expression: from some values to others. */
export type Step =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly isInteger: boolean }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | Slice
  | { readonly kind: 'union'; readonly members: readonly Expression[] }
  | Filter;

export type Expression = readonly Step[];

/** `[from:to:step]`; `[n]` has no `to` and is single. Negative positions count from the end. */
export interface Slice {
  readonly kind: 'slice';
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly step: number | undefined;
  readonly single: boolean;
}

export const OPERATORS = ['==', '!=', '<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number];

/** `[?(left operator right)]`, or `[?(left)]`: those that have it. */
export interface Filter {
  readonly kind: 'filter';
  readonly left: Expression;
  readonly comparison: { readonly operator: Operator; readonly right: Expression } | undefined;
}

/** A template: text, expressions in braces, and what is between `{range …}` and `{end}`, for each value of a range. */
export type Template = readonly TemplatePart[];
export type TemplatePart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'expression'; readonly steps: Expression }
  | { readonly kind: 'range'; readonly over: Expression; readonly body: Template; readonly isEnded: boolean };
