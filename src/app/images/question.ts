// One question at a time, which a part of the state shows: who asks again has the one before answered with no.
export function question<Asked, Answer>(show: (asked: Asked | null) => void, no: Answer) {
  let hear: ((said: Answer) => void) | null = null;
  /** What the visitor said; the question goes. */
  const answer = (said: Answer): void => {
    hear?.(said);
    hear = null;
    show(null);
  };
  const ask = (asked: Asked): Promise<Answer> => {
    answer(no);
    show(asked);
    return new Promise((resolve) => (hear = resolve));
  };
  return { ask, answer, isOpen: () => hear !== null };
}
