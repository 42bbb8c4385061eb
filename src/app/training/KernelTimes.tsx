// For developers: how long each kernel took in the last live update, measured on request.
import { useState } from 'react';
import type { ShaderTime } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import { engine } from '../shell/engineLink';
import { t } from '../languages/texts';

type Measured = ShaderTime[] | string | null;

export default function KernelTimes() {
  const [measured, setMeasured] = useState<Measured>(null);
  return (
    <>
      <button type="button" className="button link" onClick={() => void measure().then(setMeasured)}>
        {t('Time the kernels of a live update')}
      </button>
      {typeof measured === 'string' && <p>{measured}</p>}
      {typeof measured === 'object' && measured && <Times times={measured} />}
    </>
  );
}

/** @returns the times, or why there are none */
async function measure(): Promise<Measured> {
  try {
    return (await engine()?.profileShow()) ?? t('Nothing has been shown yet.');
  } catch (error) {
    const { message, remedy } = toReport(error);
    return `${message} ${remedy}`;
  }
}

function Times({ times }: { times: ShaderTime[] }) {
  const [dispatches, milliseconds] = [sumOf(times, 'dispatches'), sumOf(times, 'milliseconds')];
  return (
    <table>
      <caption>
        {t('{dispatches, plural, one {# dispatch} other {# dispatches}}, {milliseconds} ms on the GPU', {
          dispatches,
          milliseconds: milliseconds.toPrecision(3),
        })}
      </caption>
      <tbody>
        {times.map(({ shader, dispatches: count, milliseconds: ms }) => (
          <tr key={shader}>
            <th scope="row">{shader}</th>
            <td>{count}</td>
            <td>{t('{ms} ms', { ms: ms.toPrecision(3) })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const sumOf = (times: readonly ShaderTime[], of: 'dispatches' | 'milliseconds'): number =>
  times.reduce((sum, time) => sum + time[of], 0);
