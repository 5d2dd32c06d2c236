import { describe, expect, it } from 'vitest';
import { MOST_ROWS, pagesOf, rowForKey, scrollFor, slotOf, visibleRows } from './window';

describe('visibleRows', () => {
  it('draws what is seen and a few rows around it', () => {
    expect(visibleRows(4000, 400, 40, 100_000)).toEqual({ first: 92, end: 119 });
  });

  it('stays within the list at both ends', () => {
    expect(visibleRows(0, 400, 40, 100_000).first).toBe(0);
    expect(visibleRows(99_999 * 40, 400, 40, 100_000).end).toBe(100_000);
    expect(visibleRows(10_000, 400, 40, 3)).toEqual({ first: 0, end: 3 });
  });

  it('never draws more than the most, however high the window is', () => {
    for (const height of [0, 500, 2160, 100_000]) {
      const { first, end } = visibleRows(80_000, height, 38, 100_000);
      expect(end - first).toBeLessThanOrEqual(MOST_ROWS);
    }
  });

  it('draws nothing of nothing', () => {
    expect(visibleRows(0, 400, 40, 0)).toEqual({ first: 0, end: 0 });
    expect(visibleRows(0, 400, 0, 10)).toEqual({ first: 0, end: 0 });
  });
});

describe('pagesOf', () => {
  it('names the pages that a span touches', () => {
    expect(pagesOf({ first: 95, end: 205 }, 100)).toEqual([0, 1, 2]);
    expect(pagesOf({ first: 0, end: 100 }, 100)).toEqual([0]);
    expect(pagesOf({ first: 0, end: 0 }, 100)).toEqual([]);
  });
});

describe('rowForKey', () => {
  it.each([
    ['ArrowDown', 6],
    ['ArrowUp', 4],
    ['PageDown', 15],
    ['PageUp', 0],
    ['Home', 0],
    ['End', 99],
  ])('%s goes to %i', (key, row) => expect(rowForKey(key, 5, 100, 10)).toBe(row));

  it('leaves other keys alone, and empty lists', () => {
    expect(rowForKey('x', 5, 100, 10)).toBeNull();
    expect(rowForKey('End', 0, 0, 10)).toBeNull();
  });
});

describe('scrollFor', () => {
  it('scrolls just so far that the row is seen whole', () => {
    expect(scrollFor(10, 0, 400, 40)).toBe(40);
    expect(scrollFor(2, 200, 400, 40)).toBe(80);
    expect(scrollFor(6, 200, 400, 40)).toBe(200);
  });
});

describe('slotOf', () => {
  it('gives each drawn row a place of its own, at every height', () => {
    for (const height of [0, 300, 1000, 2160, 4000, 9000]) {
      for (const top of [0, 40, 4000, 3_999_000]) {
        const span = visibleRows(top, height, 38, 100_000);
        const slots = new Set<string>();
        for (let row = span.first; row < span.end; row += 1) slots.add(slotOf(row, span, height, 38));
        expect(slots.size).toBe(span.end - span.first);
      }
    }
  });

  it('keeps a row that is out of sight apart', () => {
    expect(slotOf(3, { first: 50, end: 60 }, 400, 40)).toBe('kept');
  });
});
