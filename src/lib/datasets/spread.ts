// Some of a long list, taken evenly: what a large set is cut down to.

/** At most `count` of a list, in its order and spread evenly over it, so that every folder keeps its share. */
export const spread = <T>(list: readonly T[], count: number): T[] =>
  list.length <= count
    ? [...list]
    : Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]!);
