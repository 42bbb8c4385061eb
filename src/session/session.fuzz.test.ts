// Damaged and hostile sessions, many of them: each is refused with words of its own, or is read as exactly what was
// written. Long runs: src/testing/fuzz.ts.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { RemedyError } from '../lib/errors';
import { PARAM_NAMES, PARAMS } from '../settings/table';
import { Corpus, fuzzSettings, fuzzTimeout, hostile, outcomeOf, replaceIn } from '../testing/fuzz';
import { parseValue } from '../lib/formats/schema';
import { SessionDamaged } from './errors';
import { readSession, type Session } from './read';
import { migrate, SESSION_INFO } from './schema';
import { smallContents, smallInfo } from './testing/small';
import type { SessionInfo } from './types';
import { writeSession } from './write';

/** One answer may not take longer, on however busy a machine. */
const HANGING_MS = 10_000;

let valid: Uint8Array<ArrayBuffer>;
let info: SessionInfo;
let whole: string;
beforeAll(async () => {
  const file = await writeSession(await smallContents());
  valid = new Uint8Array(await file.arrayBuffer());
  info = await smallInfo();
  whole = await everything(await readSession(file, 'a.zip'));
});

/** All that a session says and brings, as text. @throws SessionDamaged */
async function everything({ info, weights, checkpoint, imageAt }: Session): Promise<string> {
  const images = [];
  for (const index of info.data.images.keys()) {
    const { image, mask } = imageAt ? await imageAt(index) : { image: null, mask: null };
    images.push(await image?.text(), await mask?.text());
  }
  const hex = (bytes: ArrayBuffer | null) => bytes && Buffer.from(bytes).toString('hex');
  return JSON.stringify([info, hex(weights), hex(checkpoint), images]);
}

type Damage = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const at = (where: number, { length }: Uint8Array) => Math.floor(where * length);

const flipped = fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([where, bits]): Damage => (bytes) => {
  const copy = bytes.slice();
  copy[at(where, copy)]! ^= bits;
  return copy;
});
const cut = place.map(
  (where): Damage =>
    (bytes) =>
      bytes.slice(0, at(where, bytes)),
);
const moved = fc.tuple(place, place, fc.nat(64)).map(([from, to, length]): Damage => (bytes) => {
  const copy = bytes.slice();
  copy.set(
    bytes
      .subarray(at(from, bytes), Math.min(at(from, bytes) + length, bytes.length))
      .subarray(0, bytes.length - at(to, bytes)),
    at(to, bytes),
  );
  return copy;
});
const damages = fc.array(fc.oneof({ weight: 4, arbitrary: flipped }, cut, moved), {
  minLength: 1,
  maxLength: 3,
});

const corpus = new Corpus('session');

async function refusedOrWhole(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const read = await readSession(new Blob([bytes]), 'a.zip')
    .then(everything)
    .catch((error: unknown) => error);
  if (!(read instanceof Error)) expect(read).toBe(whole);
  else if (!(read instanceof RemedyError)) throw read;
  return read instanceof RemedyError ? outcomeOf(read) : 'ok';
}

type Raw = Record<string, unknown>;

describe('any session', () => {
  it('that was kept is refused', () => corpus.replay(refusedOrWhole));

  it(
    'with flipped, missing or displaced bytes is refused, or read as it was written',
    async () => {
      const property = fc.asyncProperty(damages, (list) =>
        corpus.try(
          list.reduce((bytes, damage) => damage(bytes), valid),
          refusedOrWhole,
        ),
      );
      await fc.assert(property, { ...fuzzSettings(400), timeout: HANGING_MS });
    },
    fuzzTimeout(400),
  );

  it(
    'of any bytes at all is refused',
    async () => {
      const bytes = fc.tuple(
        fc.constantFrom([], [0x50, 0x4b, 3, 4], [8, 0, 0, 0, 0, 0, 0, 0]),
        fc.uint8Array(),
      );
      const property = fc.asyncProperty(bytes, async ([start, rest]) => {
        await corpus.try(Uint8Array.from([...start, ...rest]), async (given) => {
          const outcome = await refusedOrWhole(given);
          expect(outcome).not.toBe('ok');
          return outcome;
        });
      });
      await fc.assert(property, { ...fuzzSettings(400), timeout: HANGING_MS });
    },
    fuzzTimeout(400),
  );

  it(
    'whose description says anything gives allowed values, or is refused by the place',
    () => {
      const property = fc.property(fc.nat(), fc.oneof(fc.jsonValue(), hostile), (which, value) => {
        const raw = structuredClone({ schema: 2, ...info }) as unknown as Raw;
        replaceIn(raw, which, value);
        expectAllowedOrRefused(raw);
      });
      fc.assert(property, fuzzSettings(1000));
    },
    fuzzTimeout(1000),
  );
});

function expectAllowedOrRefused(raw: Raw): void {
  let parsed: SessionInfo;
  try {
    parsed = parseValue(SESSION_INFO, migrate(raw, 'a'), (detail) => new SessionDamaged('a', detail));
  } catch (error) {
    return expect(error).toBeInstanceOf(RemedyError);
  }
  expect(Object.keys(parsed.params)).toEqual(PARAM_NAMES);
  expect(parsed.params.localGrid).toBeLessThanOrEqual(PARAMS.localGrid.max);
  expect(Number.isInteger(parsed.params.seed)).toBe(true);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
}
