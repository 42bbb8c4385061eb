// The seed and length of the random walk, and a die for another one. A line's angle comes from the same seed.
import { PARAMS } from '../../settings/table';
import { setParam } from '../settings/actions';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { NumberBox } from '../controls/NumberBox';
import { Row } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';

/** Seeds short enough to read out. */
const SEEDS = 1000;

export function WalkTools({ shape }: { shape: 'walk' | 'line' }) {
  const seed = useApp((state) => state.params.fbpSeed);
  const steps = useApp((state) => state.params.fbpSteps);
  const walk = shape === 'walk';
  return (
    <div className="row" role="group" aria-label={walk ? 'Random walk' : 'Angle of the line'}>
      {walk && (
        <Row name="fbpSteps">
          <HelpTip topic="fbpSteps" title="Walk steps" symbol="N" ofControl>
            Steps
          </HelpTip>
          <NumberBox
            label="Steps"
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
          <span>{walk ? 'Seed' : 'Angle seed'}</span>
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
          label="Roll another shape"
          quiet={false}
          onClick={() => setParam('fbpSeed', Math.floor(Math.random() * SEEDS))}
        />
      </Row>
    </div>
  );
}
