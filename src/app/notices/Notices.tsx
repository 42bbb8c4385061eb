// Messages in the corner: what happened, what to do, at most one action.
import { dismiss } from './actions';
import { loadWeights } from '../weights/actions';
import type { Notice } from './noticesSlice';
import { useApp } from '../shell/store';
import { FileButton } from '../controls/FileButton';
import { Icon } from '../controls/Icon';
import { IconButton } from '../controls/IconButton';
import { said, t } from '../languages/texts';

export function Notices() {
  const list = useApp((state) => state.notices.list);
  return (
    <section className="notices" aria-label={t('Messages')}>
      {list.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

const ICONS = { info: 'info', success: 'check', error: 'warning' } as const;

function NoticeCard({ notice: { id, tone, message, remedy, error, action } }: { notice: Notice }) {
  const button = action && (
    <button
      type="button"
      className="button"
      onClick={() => {
        action.run();
        dismiss(id);
      }}
    >
      {t(action.label)}
    </button>
  );
  return (
    <div className={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon name={ICONS[tone]} />
      <div className="notice-text">
        <p>{said(message)}</p>
        {remedy && <p className="muted">{said(remedy)}</p>}
        {error === 'BackboneNotHere' && <WeightsButton onTaken={() => dismiss(id)} />}
        {/* Beside a longer text it would leave that too little width. */}
        {remedy && button}
      </div>
      {!remedy && button}
      <IconButton icon="close" label={t('Dismiss')} onClick={() => dismiss(id)} />
    </div>
  );
}

/** Missing weights are the one refusal that a file mends. */
function WeightsButton({ onTaken }: { onTaken: () => void }) {
  const take = (file: File) => {
    onTaken();
    void loadWeights(file);
  };
  return (
    <FileButton
      label={t('Load weights file (.safetensors)')}
      icon="weights"
      accept=".safetensors"
      onFiles={([first]) => take(first!.file)}
    >
      {t('Load weights')}
    </FileButton>
  );
}
