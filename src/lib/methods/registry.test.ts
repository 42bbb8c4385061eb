import { describe, expect, it } from 'vitest';
import { isRival, looksAtPixels } from '../../settings/methods';
import { PARAMS } from '../../settings/table';
import { methodOf, registeredMethods } from './registry';

describe('the registered methods', () => {
  it('are the ones that the settings offer', () => {
    const offered = PARAMS.method.options.map(({ value }) => value).filter(isRival);
    expect(offered.toSorted()).toEqual(registeredMethods().toSorted());
  });

  it('look at what the settings say they look at', () => {
    for (const id of registeredMethods()) {
      expect(methodOf(id)).toMatchObject({ id, input: looksAtPixels(id) ? 'pixels' : 'features' });
    }
  });

  it('are asked for by name, and an unknown name is refused', () => {
    expect(() => methodOf('constructor')).toThrow('knows no method');
  });
});
