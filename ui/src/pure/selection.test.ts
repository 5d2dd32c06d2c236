import { expect, it } from 'vitest';
import { batches, choose, chosenCount, chosenOf, EVERYTHING, isChosen, NOTHING, toggle } from './selection';

it('chooses some by name', () => {
  const some = choose(NOTHING, ['a', 'b'], true);
  expect(chosenCount(some, 100)).toBe(2);
  expect(isChosen(some, 'a')).toBe(true);
  expect(isChosen(toggle(some, 'a'), 'a')).toBe(false);
});

it('chooses all that match but some', () => {
  const most = toggle(EVERYTHING, 'b');
  expect(chosenCount(most, 100_000)).toBe(99_999);
  expect(chosenOf(most, ['a', 'b', 'c'])).toEqual(['a', 'c']);
  expect(chosenCount(toggle(most, 'b'), 3)).toBe(3);
});

it('changes no selection in place', () => {
  toggle(NOTHING, 'a');
  expect(NOTHING.ids.size).toBe(0);
});

it('cuts a list into parts', () => {
  expect(batches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(batches([], 2)).toEqual([]);
});
