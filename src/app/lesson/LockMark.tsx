// The lock at the name of a locked row: says in a sentence why nothing moves.
import { Icon } from '../controls/Icon';
import { useLocked } from './lock';

const SENTENCE = 'Locked in this lesson';

export function LockMark() {
  if (!useLocked()) return null;
  return (
    <span
      className="lock-mark"
      role="img"
      aria-label={SENTENCE}
      title={`${SENTENCE}: its value stays as it is.`}
    >
      <Icon name="lock" />
    </span>
  );
}
