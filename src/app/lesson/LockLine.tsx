// The sentence in the head of a locked part.
import { Icon } from '../controls/Icon';
import { useLocked } from './lock';

export function LockLine() {
  if (!useLocked()) return null;
  return (
    <span className="lock-line small muted">
      <Icon name="lock" />
      Locked in this lesson
    </span>
  );
}
