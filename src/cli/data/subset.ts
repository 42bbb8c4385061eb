// Seeded subsets for --train-limit and --test-limit: the same seed draws the same images. Pure.
import { Random } from '../../lib/nn/random';

/** What a subset needs to know of an image. */
export interface Member {
  /** Relative path. */
  path: string;
  type: string;
  label: 0 | 1 | null;
}

/** `limit` of the images, in their given order; all when there are no more. */
export function limitTrain<T extends Member>(images: readonly T[], limit: number, seed: number): T[] {
  const drawn = draw(images, limit, Random.stream(seed, 'train limit'));
  return images.filter((image) => drawn.has(image));
}

/**
 * `limit` of the images, in their given order, each type in proportion to its size. Every type has at least one image
 * before any has two; normal ones come first, so that any limit keeps one of them.
 */
export function limitTest<T extends Member>(images: readonly T[], limit: number, seed: number): T[] {
  const random = Random.stream(seed, 'test limit');
  const strata = byType(images);
  const seats = apportion(
    strata.map((rows) => rows.length),
    limit,
  );
  const drawn = new Set(strata.flatMap((rows, i) => [...draw(rows, seats[i]!, random)]));
  return images.filter((image) => drawn.has(image));
}

/** Normal images, then each defect type in the order in which the types first appear. */
function byType<T extends Member>(images: readonly T[]): T[][] {
  const anomalous = images.filter(({ label }) => label !== 0);
  const types = [...new Set(anomalous.map(({ type }) => type))];
  const normal = images.filter(({ label }) => label === 0);
  return [normal, ...types.map((type) => anomalous.filter((image) => image.type === type))];
}

function draw<T>(images: readonly T[], count: number, random: Random): Set<T> {
  const order = random.permutation(images.length).slice(0, count);
  return new Set(order.map((index) => images[index]!));
}

/** Adams's method: the next seat goes to the group with the most members per seat, so none stays empty for long. */
function apportion(sizes: readonly number[], limit: number): number[] {
  const seats = sizes.map(() => 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  for (let seat = 0; seat < Math.min(limit, total); seat++) {
    const claims = sizes.map((size, i) => (seats[i]! < size ? size / seats[i]! : -Infinity));
    seats[claims.indexOf(Math.max(...claims))]!++;
  }
  return seats;
}
