/** The rows of a long list that are worth drawing. */
export interface Span {
  first: number;
  /** Behind the last one. */
  end: number;
}

/** More rows than this are never drawn, however high the window is. */
export const MOST_ROWS = 96;

/** What is to be drawn of `total` rows where the visible part begins at `top` and is `height` high. */
export function visibleRows(top: number, height: number, rowHeight: number, total: number, spare = 8): Span {
  if (total <= 0 || rowHeight <= 0) return { first: 0, end: 0 };
  const shown = Math.ceil(Math.max(height, 0) / rowHeight) + 1;
  const atTop = Math.min(Math.max(Math.floor(top / rowHeight), 0), Math.max(total - 1, 0));
  const around = Math.max(0, Math.min(spare, Math.floor((MOST_ROWS - shown) / 2)));
  const first = Math.max(0, atTop - around);
  const end = Math.min(total, atTop + Math.min(shown, MOST_ROWS) + around);
  return { first, end };
}

/** In which of the drawn rows a row is drawn, so that the same elements are used again and again. */
export function slotOf(row: number, span: Span, height: number, rowHeight: number, spare = 8): string {
  if (row < span.first || row >= span.end) return 'kept';
  const slots = Math.min(MOST_ROWS, Math.ceil(Math.max(height, 0) / rowHeight) + 1 + 2 * spare) + 1;
  return String(row % slots);
}

/** Where the list has to be scrolled to so that a row is seen whole. */
export function scrollFor(row: number, top: number, height: number, rowHeight: number): number {
  const begins = row * rowHeight;
  if (begins < top) return begins;
  if (begins + rowHeight > top + height) return Math.max(0, begins + rowHeight - height);
  return top;
}

/** The pages of `size` rows that a span touches. */
export function pagesOf(span: Span, size: number): number[] {
  if (span.end <= span.first) return [];
  const first = Math.floor(span.first / size);
  const last = Math.floor((span.end - 1) / size);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Which row the keyboard goes to; null where the key moves nothing. */
export function rowForKey(key: string, row: number, total: number, perPage: number): number | null {
  const last = total - 1;
  if (last < 0) return null;
  switch (key) {
    case 'ArrowDown':
      return Math.min(row + 1, last);
    case 'ArrowUp':
      return Math.max(row - 1, 0);
    case 'PageDown':
      return Math.min(row + perPage, last);
    case 'PageUp':
      return Math.max(row - perPage, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
