// In the settings: what this browser keeps of the user's own work, and the button that makes it forget. On a shared
// computer nobody else's images should come back.
import { forgetKept } from '../../state/actions/kept';
import { complain, say } from '../../state/actions/notices';

export function KeptWork() {
  const forget = () => forgetKept().then(() => say('Nothing of yours is kept here any more.'), complain);
  return (
    <section aria-label="Kept for your next visit">
      <h3 className="panel-title">Kept for your next visit</h3>
      <p className="small muted">
        Your own images and the last model you trained, in this browser only. What is on screen stays until
        you leave.
      </p>
      <button type="button" className="button" onClick={() => void forget()}>
        Forget my images and model
      </button>
    </section>
  );
}
