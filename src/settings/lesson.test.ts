// Lessons: every control has a name of its own, rules add up, and texts of strangers stay plain.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONTROLS,
  controlOf,
  NO_LESSON,
  plainText,
  readControls,
  ruleOf,
  ruleOfRow,
  withRule,
} from './lesson';
import { decodeLink } from './link';

describe('the text of a lesson', () => {
  it('shows a script as the text it is', () => {
    const { lesson } = decodeLink('#title=<script>alert(1)</script>');
    expect(lesson.title).toBe('<script>alert(1)</script>');
  });

  it('has no characters that turn or hide the writing, and keeps joiners', () => {
    expect(plainText('a\u202eb\u2066c\u200fd\u0000e\u{e0041}f\ufeff', 80, false)).toBe('abcdef');
    expect(plainText('👩‍🔧', 80, false)).toBe('👩‍🔧');
  });

  it('keeps lines in tasks only, and no more than one empty one', () => {
    expect(plainText('one\r\ntwo\u2028\n\n\nthree', 500, true)).toBe('one\ntwo\n\nthree');
    expect(plainText('one\r\ntwo', 80, false)).toBe('one two');
  });

  it('stacks no tower of marks on a letter', () => {
    expect(plainText(`a${'\u0301'.repeat(40)}b`, 80, false)).toBe(`a${'\u0301'.repeat(4)}b`);
  });

  it('is cut to its length in characters, and says so', () => {
    const { lesson, problems } = decodeLink(
      `#title=${'ä'.repeat(81)}&task=${encodeURIComponent('🔍'.repeat(501))}`,
    );
    expect([...lesson.title]).toHaveLength(80);
    expect([...lesson.task]).toHaveLength(500);
    expect(problems).toHaveLength(2);
  });

  it('comes out of itself unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), fc.boolean(), (text, lines) => {
        const once = plainText(text, 500, lines);
        expect(plainText(once, 500, lines)).toBe(once);
      }),
    );
  });
});

describe('the rules of a lesson', () => {
  it('give every control one name', () => {
    expect(new Set(CONTROLS).size).toBe(CONTROLS.length);
  });

  it('read lists, and say what is unknown', () => {
    expect(readControls('scores,seed,walls,,data')).toEqual({
      controls: ['data', 'scores', 'seed'],
      unknown: ['walls'],
    });
  });

  it('hide rather than lock', () => {
    expect(decodeLink('#hide=seed&lock=seed,lr').lesson).toMatchObject({ hidden: ['seed'], locked: ['lr'] });
  });

  it('lock the rows of a part that is locked or hidden', () => {
    const lesson = withRule(withRule(NO_LESSON, 'block', 'hidden'), 'settings', 'locked');
    expect(ruleOfRow(lesson, 'fbpSize')).toBe('locked');
    expect(ruleOfRow(lesson, 'seed')).toBe('locked');
    expect(ruleOfRow(lesson, 'map')).toBe('open');
    expect(ruleOfRow(withRule(lesson, controlOf('seed'), 'hidden'), 'seed')).toBe('hidden');
  });

  it('can be taken back', () => {
    const lesson = withRule(NO_LESSON, 'seed', 'locked');
    expect(ruleOf(lesson, 'seed')).toBe('locked');
    expect(withRule(lesson, 'seed', 'open')).toEqual(NO_LESSON);
  });
});
