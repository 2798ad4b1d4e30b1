import type { Content } from '../model/content.ts';
import type { DerivedRows, Found, Visible } from '../model/derived.ts';
import type { Picture } from '../model/picture.ts';
import type { ViewState } from '../model/view-state.ts';

export type Change = (next: (state: ViewState) => ViewState) => void;

/** What follows from the choices. */
export interface Derived extends DerivedRows, Visible {
  /** Undefined where nothing is searched for. */
  readonly found: Found | undefined;
}

/** Everything that a part of the page may need. */
export interface Page {
  readonly state: ViewState;
  readonly change: Change;
  readonly derived: Derived;
  readonly picture: Picture;
  readonly content: Content;
  /** Selects a span, and makes its row visible. */
  readonly goTo: (index: number) => void;
  /** Says to a screen reader what has happened. */
  readonly say: (text: string) => void;
  readonly askForKeys: (asks: boolean) => void;
}
