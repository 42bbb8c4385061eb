import { expect, it } from 'vitest';
import { golden, goldenNames } from './golden';

it('draws the same bits as Python', () => {
  const read = golden('draws');
  const names = goldenNames('draws').filter((name) => !name.startsWith('expected.'));
  expect(names).toHaveLength(3);
  for (const name of names) expect(read(name)).toEqual(read(`expected.${name}`));
});
