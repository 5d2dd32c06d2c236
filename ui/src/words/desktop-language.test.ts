import { expect, test } from 'vitest';
import { known } from './desktop-language';

test('the POSIX language is none that the web knows', () => {
  expect(known(['C', 'de-AT', 'C.UTF-8', 'en_US', 'ja'])).toEqual(['de-AT', 'ja']);
});
