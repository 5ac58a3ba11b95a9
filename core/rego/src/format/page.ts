import type { Comment } from '../ast.ts';
import type { Span } from '../parser/concrete.ts';

/** Two comments want the end of one line; what holds both is then left as it was written. */
export class CommentConflict extends Error {}

/** What can be taken back when a piece turns out to be better left as it was written. */
export interface Saved {
  readonly length: number;
  readonly level: number;
  readonly inline: boolean;
  readonly held: boolean;
  readonly pending: Comment | null;
  readonly next: number;
}

/**
 * The text that is being laid out. Comments come along by their row: `reach(row)` lays out those above it, and keeps the
 * one on it for the end of the line.
 */
export class Page {
  private out = '';
  private level = 0;
  private inline = false;
  private held = false;
  private pending: Comment | null = null;
  private next = 0;
  private readonly source: string;
  private readonly comments: readonly Comment[];
  private readonly lineStarts: readonly number[];

  constructor(source: string, comments: readonly Comment[]) {
    this.source = source;
    this.comments = comments;
    this.lineStarts = startsOf(source);
  }

  /** The finished text, with the comments that nothing followed. */
  finish(): string {
    for (const comment of this.comments.slice(this.next)) this.line(`#${comment.text}`);
    const text = this.out.trimEnd();
    return text === '' ? '' : `${text}\n`;
  }

  text(text: string): void {
    this.out += text;
  }

  startLine(): void {
    this.inline = true;
    this.out += '\t'.repeat(this.level);
  }

  /** Begins a line unless one is begun. */
  ensureLine(): void {
    if (!this.inline) this.startLine();
  }

  endLine(): void {
    this.inline = false;
    if (this.pending !== null && !this.held) {
      this.out += ` #${this.pending.text}`;
      this.pending = null;
    }
    this.held = false;
    this.out += '\n';
  }

  blankLine(): void {
    if (this.inline) this.endLine();
    this.out += '\n';
  }

  up(): void {
    this.level += 1;
  }

  down(): void {
    this.level -= 1;
  }

  /** The comment that waits for the end of a line goes behind the first element of the list that begins here. */
  holdComment(): void {
    this.held = true;
  }

  /** Is there a comment that belongs above this row, or that still waits for the end of the line? */
  commentBefore(row: number): boolean {
    const comment = this.comments[this.next];
    return this.pending !== null || (comment !== undefined && comment.row < row);
  }

  commentBetween(row: number, endRow: number): boolean {
    for (let i = this.next; ; i += 1) {
      const comment = this.comments[i];
      if (comment === undefined || comment.row >= endRow) return false;
      if (comment.row > row) return true;
    }
  }

  /** Lays out the comments above the row and keeps the one on it; throws CommentConflict when one is kept already. */
  reach(row: number): void {
    this.reachAbove(row);
    const comment = this.comments[this.next];
    if (comment === undefined || comment.row !== row) return;
    if (this.pending !== null) throw new CommentConflict();
    this.next += 1;
    this.pending = comment;
  }

  /** Lays out the comments above the row. */
  reachAbove(row: number): void {
    let before: Comment | null = null;
    let inMetadata = false;
    for (;;) {
      const comment = this.comments[this.next];
      if (comment === undefined || comment.row >= row) break;
      this.next += 1;
      const isMetadata = comment.text.trim() === 'METADATA';
      const gap = before === null ? 0 : comment.row - before.row;
      if (gap > 1) {
        this.blankLine();
        inMetadata = false;
      } else if (inMetadata && isMetadata) this.blankLine();
      inMetadata ||= isMetadata;
      this.line(`#${comment.text}`);
      before = comment;
    }
    if (before !== null && row - before.row > 1) this.blankLine();
  }

  /** Takes the comment on a row out of the flow: imports carry theirs along when they are sorted. */
  takeOn(row: number): Comment | null {
    const comment = this.comments[this.next];
    if (comment === undefined || comment.row !== row) return null;
    this.next += 1;
    return comment;
  }

  save(): Saved {
    const { level, inline, held, pending, next } = this;
    return { length: this.out.length, level, inline, held, pending, next };
  }

  restore({ length, level, inline, held, pending, next }: Saved): void {
    this.out = this.out.slice(0, length);
    Object.assign(this, { level, inline, held, pending, next });
  }

  /** What stands there in the source, as it stands there; its comments are part of it. */
  verbatim({ from, to, endRow }: Span): void {
    this.ensureLine();
    if (this.pending !== null && this.isWithin(this.pending, from, to)) this.pending = null;
    this.out += this.source.slice(from, to).trimEnd();
    for (;;) {
      const comment = this.comments[this.next];
      if (comment === undefined || this.offset(comment) >= to) break;
      this.next += 1;
    }
    this.reach(endRow);
  }

  /** What stands there in the source. */
  sourceOf({ from, to }: Span): string {
    return this.source.slice(from, to);
  }

  /** Is this the first thing on its line? */
  beginsLine({ from, row }: Span): boolean {
    return this.source.slice(this.lineStarts[row - 1] ?? 0, from).trim() === '';
  }

  private line(text: string): void {
    this.ensureLine();
    this.text(text);
    this.endLine();
  }

  private offset({ row, col }: Comment): number {
    return (this.lineStarts[row - 1] ?? 0) + col - 1;
  }

  private isWithin(comment: Comment, from: number, to: number): boolean {
    const at = this.offset(comment);
    return from <= at && at < to;
  }
}

function startsOf(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
