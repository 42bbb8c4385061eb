// Offered first to someone with few images of their own: a memory of them, which needs no training.
import { applyPreset } from '../settings/actions';
import { t } from '../languages/texts';

export default function FewImages({ count }: { count: number }) {
  return (
    <div className="wanted small">
      <p>
        {t(
          '{count, plural, one {# normal image} other {# normal images}}: too few to train on, enough to compare with. DINOv2 remembers their patches, turned too, in place of a training; it is fetched once, after you have seen what it costs.',
          { count },
        )}{' '}
        <button type="button" className="button small" onClick={() => applyPreset('few-shot')}>
          {t('Use few images')}
        </button>
      </p>
    </div>
  );
}
