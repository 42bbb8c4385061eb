import { describe, expect, it } from 'vitest';
import { classesOf, isOfClass } from './classes';
import { groupRefusals } from './refusalGroups';

describe('refused files', () => {
  it('with the same fault are one group, in the order of the first', () => {
    const line = (name: string, message: string) => ({ name, message, remedy: 'r' });
    expect(groupRefusals([line('a', 'x'), line('b', 'y'), line('c', 'x')])).toEqual([
      { message: 'x', remedy: 'r', names: ['a', 'c'] },
      { message: 'y', remedy: 'r', names: ['b'] },
    ]);
  });

  it('may be a hundred thousand', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({ name: `${i}`, message: 'm', remedy: '' }));
    expect(groupRefusals(many)).toHaveLength(1);
  });
});

describe('classes', () => {
  it('are counted by what stands before the type', () => {
    const types = ['nut/good', 'nut/bent', 'cap/good'].map((type) => ({ type }));
    expect(classesOf(types)).toEqual([
      { name: 'cap', images: 1 },
      { name: 'nut', images: 2 },
    ]);
    expect(classesOf([{ type: 'good' }])).toEqual([]);
  });

  it('choose what is shown', () => {
    expect([isOfClass('nut/good', 'nut'), isOfClass('nut/good', 'cap'), isOfClass('x', null)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
