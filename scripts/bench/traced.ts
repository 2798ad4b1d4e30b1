/** The parts of `-o json` that are read here. */
export interface Document {
  readonly command: { readonly durationNanos: number };
  readonly requests: readonly { readonly phases: Phases; readonly clientPhases: Phases }[];
  readonly summary: { readonly components: readonly { readonly component: string; readonly nanos: number }[] };
}

type Phases = Readonly<Record<string, number | null>>;

export const timeOf = ({ summary }: Document, component: string): number =>
  summary.components.find((one) => one.component === component)?.nanos ?? 0;
