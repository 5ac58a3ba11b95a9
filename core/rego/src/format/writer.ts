import type { Body, Literal } from '../ast.ts';
import type { Concrete } from '../parser/concrete.ts';
import type { Page } from './page.ts';

/** The parts of the layout that refer back to each other; the module ties the knot. */
export interface Layout {
  readonly body: (w: Writer, body: Body) => void;
  readonly literal: (w: Writer, literal: Literal) => void;
}

/** What every part of the layout needs. */
export interface Writer {
  readonly page: Page;
  /** Names that are not those of built-ins here. */
  readonly own: ReadonlySet<string>;
  readonly concrete: Concrete;
  readonly style: Style;
  readonly layout: Layout;
  /** A term around the current one will be left as it was written if this one cannot be laid out. */
  guarded: boolean;
}

/** How rules are spelled. */
export interface Style {
  /** `:=` in heads, `if` before every body. */
  readonly v1: boolean;
  readonly usesIf: boolean;
  readonly usesContains: boolean;
  /** References in heads are written as elsewhere; otherwise `p.q` is `p["q"]`. */
  readonly refHeads: boolean;
  readonly keywords: ReadonlySet<string>;
}
