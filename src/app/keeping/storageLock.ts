// Which tab may write what is kept: one at a time, by a lock that the browser frees when the tab goes. The first tab
// with something to keep takes it; others read, say so, and write nothing until the visitor hands it over. The same holds
// for a tab in which a link was opened over kept work.
import { notify } from '../notices/actions';
import { readStored, writeStored } from '../shell/storage';
import { getState, patch } from '../shell/store';
import { t } from '../languages/texts';

const LOCK = 'grad-playground:kept';

let claiming: Promise<boolean> | null = null;
let told = false;

/** Whether this tab may write; asks for the lock when no tab has it. Says once when another tab has it. */
export async function canWrite({ quiet = false } = {}): Promise<boolean> {
  const { keeper } = getState().kept;
  if (keeper === 'here') return true;
  if (keeper === 'forgotten') return false;
  if (keeper === 'unclaimed' && (await claim(false))) return true;
  if (!quiet) tell();
  return false;
}

/** Takes the right away from whichever tab has it. */
export async function takeStorageLock(): Promise<void> {
  // Taken from itself it would count as lost to another tab.
  if (getState().kept.keeper !== 'here') await claim(true);
}

const VISIT = 'visiting';

/** A link is open: nothing of this tab is kept, after a reload too, until the visitor says so. */
export function startVisit(): void {
  if (getState().kept.keeper === 'forgotten') return;
  told = false;
  patch('kept', { keeper: 'visiting', resumable: null });
  writeStored('session', VISIT, '1');
}

/** The tab may keep again, if no other does. */
export function endVisit(): void {
  writeStored('session', VISIT, null);
  if (getState().kept.keeper === 'visiting') patch('kept', { keeper: 'unclaimed' });
}

/** After a reload: the tab is where it was. */
export function resumeVisit(): void {
  if (readStored('session', VISIT) !== null) startVisit();
}

/** From here on nothing of this visit is kept. */
export const stopKeeping = (): void => patch('kept', { keeper: 'forgotten' });

/** One question at a time: two locks of one tab would shut each other out. */
function claim(steal: boolean): Promise<boolean> {
  if (claiming && !steal) return claiming;
  const asked = ask(steal).then((granted) => {
    if (getState().kept.keeper !== 'forgotten') patch('kept', { keeper: granted ? 'here' : 'elsewhere' });
    return granted;
  });
  claiming = asked;
  return asked.finally(() => (claiming = null));
}

/** Resolves with the answer; a lock that is granted is held until the tab goes or another tab takes it. */
function ask(steal: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    let held = false;
    const hold = (lock: Lock | null) => {
      held = lock !== null;
      resolve(held);
      return held ? new Promise<never>(() => undefined) : undefined;
    };
    request(steal, hold).catch(() => {
      if (held) lose();
      else resolve(true);
    });
  });
}

/** @throws what the browser throws; also where there is no such interface: one tab is the rule, and there is no telling */
const request = async (steal: boolean, hold: LockGrantedCallback<void>): Promise<void> =>
  navigator.locks.request(LOCK, steal ? { steal } : { ifAvailable: true }, hold);

function lose(): void {
  if (getState().kept.keeper !== 'here') return;
  patch('kept', { keeper: 'elsewhere', resumable: null });
  tell();
}

function tell(): void {
  if (told) return;
  told = true;
  const visiting = getState().kept.keeper === 'visiting';
  notify({
    tone: 'info',
    message: visiting
      ? t('This tab shows a link; what you kept before stays as it is.')
      : t('Another tab keeps your work; this tab does not overwrite it.'),
    remedy: t(
      'What you do here is gone when this tab closes, unless you save it as a session or keep this tab’s work instead.',
    ),
    action: { label: t('Keep this tab’s instead'), run: () => void keepHere() },
  });
}

let keepNow: () => void = () => undefined;

/** The visitor wants this tab's work kept: takes the right over and writes what there is. */
export async function keepHere(): Promise<void> {
  endVisit();
  patch('kept', { keeper: 'unclaimed' });
  await takeStorageLock();
  keepNow();
}

/** Names what is to be written once this tab has the right. */
export const onTakeOver = (write: () => void): void => void (keepNow = write);
