// The seed and length of the random walk, and a die for another one. A line's angle comes from the same seed.
import { PARAMS } from '../../settings/table';
import { setParam } from '../settings/actions';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { NumberBox } from '../controls/NumberBox';
import { Row } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';
import { t } from '../languages/texts';

/** Seeds short enough to read out. */
const SEEDS = 1000;

export function WalkTools({ shape }: { shape: 'walk' | 'line' }) {
  const seed = useApp((state) => state.params.fbpSeed);
  const steps = useApp((state) => state.params.fbpSteps);
  const walk = shape === 'walk';
  return (
    <div className="row" role="group" aria-label={walk ? t('Random walk') : t('Angle of the line')}>
      {walk && (
        <Row name="fbpSteps">
          <HelpTip topic="fbpSteps" title={t('Walk steps')} symbol="N" ofControl>
            {t('Steps')}
          </HelpTip>
          <NumberBox
            label={t('Steps')}
            value={steps}
            min={PARAMS.fbpSteps.min}
            max={PARAMS.fbpSteps.max}
            step={1}
            onChange={(value) => setParam('fbpSteps', value)}
          />
        </Row>
      )}
      <span className="spring" />
      <Row name="fbpSeed">
        <label className="row">
          <span>{walk ? t('Seed') : t('Angle seed')}</span>
          <NumberBox
            value={seed}
            min={PARAMS.fbpSeed.min}
            max={PARAMS.fbpSeed.max}
            step={1}
            onChange={(value) => setParam('fbpSeed', value)}
          />
        </label>
        <IconButton
          icon="dice"
          label={t('Roll another shape')}
          quiet={false}
          onClick={() => setParam('fbpSeed', Math.floor(Math.random() * SEEDS))}
        />
      </Row>
    </div>
  );
}
