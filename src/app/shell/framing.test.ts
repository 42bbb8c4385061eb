// Where the page runs: alone, or framed by whom its host names.
import { describe, expect, it } from 'vitest';
import { mayRunHere, type Place } from './framing';

const SCHOOL = 'https://school.example';
const ALONE = {};

function place(framedBy: string | null, ancestorOrigins?: string[], referrer = ''): Place {
  const meta = framedBy === null ? null : ({ getAttribute: () => framedBy } as unknown as Element);
  return {
    top: {},
    self: ALONE,
    location: { ...(ancestorOrigins && { ancestorOrigins }) },
    document: { querySelector: () => meta, referrer } as unknown as Document,
  };
}

describe('the page', () => {
  it('runs alone', () => {
    expect(mayRunHere({ ...place(null), top: ALONE })).toBe(true);
  });

  it.each([
    ['nobody is named', null, [SCHOOL], ''],
    ['another is named', 'https://other.example', [SCHOOL], ''],
    ['one above the named one is not', SCHOOL, [SCHOOL, 'https://evil.example'], ''],
    ['the browser tells nothing', SCHOOL, undefined, ''],
    ['the referrer is another', SCHOOL, undefined, 'https://evil.example/?https://school.example'],
    ['the origin only begins alike', SCHOOL, ['https://school.example.evil.example'], ''],
    ['it is a sandbox without an origin', SCHOOL, ['null'], ''],
    ['nothing is named', '', [''], ''],
  ])('does not run in a frame when %s', (_, framedBy, ancestors, referrer) => {
    expect(mayRunHere(place(framedBy, ancestors, referrer))).toBe(false);
  });

  it.each([
    ['the only one', SCHOOL, [SCHOOL], ''],
    ['all of them', `${SCHOOL} https://lms.example`, [SCHOOL, 'https://lms.example'], ''],
    ['the one that the referrer tells', SCHOOL, undefined, `${SCHOOL}/course/3`],
  ])('runs in a frame of whom its host names: %s', (_, framedBy, ancestors, referrer) => {
    expect(mayRunHere(place(framedBy, ancestors, referrer))).toBe(true);
  });
});
