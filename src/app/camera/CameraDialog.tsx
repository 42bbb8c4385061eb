// The camera: photos for the set, and the model's verdict on what it shows right now. Frames are looked at on this
// machine and thrown away; only photos that one takes stay.
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Side } from '../../engine/api/types';
import { setLayout } from '../shell/layout';
import { StartAgain } from '../shell/StartAgain';
import { addFiles } from '../images/own';
import type { DroppedFile } from '../images/dropped';
import { Icon } from '../controls/Icon';
import { NumberBox } from '../controls/NumberBox';
import { Switch } from '../controls/Switch';
import { HelpTip } from '../help/HelpTip';
import { useModal } from '../hooks/useModal';
import './camera.css';
import { FrameGrabber, photoName } from './frames';
import { LiveMap, LiveVerdict } from './LiveVerdict';
import { useCamera, type Camera } from './useCamera';
import { useLiveScoring } from './useLiveScoring';
import { t } from '../languages/texts';

const close = () => setLayout({ cameraOpen: false });

export default function CameraDialog() {
  const dialog = useModal();
  const video = useRef<HTMLVideoElement>(null);
  const camera = useCamera();
  const [live, setLive] = useState(true);
  const scoring = useLiveScoring(video, live && camera.status === 'on');
  useEffect(() => {
    const element = video.current;
    if (!element || !camera.stream) return;
    element.srcObject = camera.stream;
    // Ended by letting the camera go before the first picture.
    void element.play().catch(() => undefined);
    return () => void (element.srcObject = null);
  }, [camera.stream]);
  return (
    <dialog ref={dialog} className="camera-dialog" aria-labelledby="camera-title" onClose={close}>
      <div className="row">
        <h2 id="camera-title">{t('Camera')}</h2>
        <HelpTip topic="camera" title={t('Camera')} />
        <span className="spring" />
        <DeviceSelect camera={camera} />
        <button type="button" className="button" onClick={() => dialog.current!.close()}>
          {t('Close')}
        </button>
      </div>
      <div className="camera-picture">
        {camera.stream ? (
          <>
            <video ref={video} muted playsInline aria-label={t('What the camera shows')} />
            {scoring.last && <LiveMap last={scoring.last} />}
          </>
        ) : (
          <CameraOff camera={camera} />
        )}
      </div>
      {camera.status === 'on' && (
        <>
          <div className="row camera-line">
            <Switch checked={live} onChange={setLive}>
              {t('Score live')}
            </Switch>
            <span className="spring" />
            {scoring.last && <LiveVerdict last={scoring.last} />}
            {live && scoring.failure && (
              <p className="muted small" role="alert">
                {scoring.failure.message} {scoring.failure.remedy}
              </p>
            )}
            {live && <StartAgain />}
          </div>
          <Shutter video={video} />
        </>
      )}
    </dialog>
  );
}

function CameraOff({ camera }: { camera: Camera }) {
  return (
    <div className="camera-off">
      {camera.failure ? (
        <p role="alert">
          {camera.failure.message} <span className="muted">{camera.failure.remedy}</span>
        </p>
      ) : (
        <p className="muted">
          {t(
            'Photos and live frames stay on this machine. The browser will ask whether the camera may be used.',
          )}
        </p>
      )}
      <button
        type="button"
        className="button primary"
        disabled={camera.status === 'asking'}
        onClick={() => camera.start()}
      >
        <Icon name="camera" />
        {camera.status === 'asking' ? t('Waiting for the camera') : t('Start the camera')}
      </button>
    </div>
  );
}

function DeviceSelect({ camera: { devices, device, start } }: { camera: Camera }) {
  if (devices.length < 2) return null;
  return (
    <select
      className="select"
      aria-label={t('Which camera')}
      value={device ?? ''}
      onChange={(event) => start(event.target.value)}
    >
      {devices.map(({ deviceId, label }, i) => (
        <option key={deviceId} value={deviceId}>
          {label || t('Camera {i}', { i: i + 1 })}
        </option>
      ))}
    </select>
  );
}

const MOST = 50;
/** Between photos of a burst: parts are turned or moved on meanwhile. */
const BETWEEN_MS = 400;

/** Takes one photo or several, and says how many it has. */
function Shutter({ video }: { video: RefObject<HTMLVideoElement | null> }) {
  const [count, setCount] = useState(1);
  const [taken, setTaken] = useState<{ done: number; of: number } | null>(null);
  const [said, setSaid] = useState('');
  const shoot = async (split: Side) => {
    const files = await takePhotos(video, count, (done) => setTaken({ done, of: count }));
    setTaken(null);
    if (files.length === 0) return;
    await addFiles(files, split);
    setSaid(
      t('{files, plural, one {# photo} other {# photos}} added to the {what}.', {
        files: files.length,
        what: split === 'train' ? t('normal images') : t('test images'),
      }),
    );
  };
  return (
    <div className="row camera-line">
      <label className="row small">
        {t('Photos at a press')}
        <NumberBox
          label={t('Photos at a press')}
          value={count}
          min={1}
          max={MOST}
          step={1}
          onChange={setCount}
        />
      </label>
      <button type="button" className="button" disabled={taken !== null} onClick={() => void shoot('train')}>
        {t('Take as normal')}
      </button>
      <button type="button" className="button" disabled={taken !== null} onClick={() => void shoot('test')}>
        {t('Take to test')}
      </button>
      <span className="spring" />
      <span className="small muted" role="status">
        {taken ? t('Photo {done} of {of}', { done: taken.done, of: taken.of }) : said}
      </span>
    </div>
  );
}

/** Ends early, with what it has, when the camera is let go. */
async function takePhotos(
  video: RefObject<HTMLVideoElement | null>,
  count: number,
  onPhoto: (done: number) => void,
): Promise<DroppedFile[]> {
  const grabber = new FrameGrabber();
  const now = new Date();
  const files: DroppedFile[] = [];
  for (let i = 0; i < count; i++) {
    if (i > 0) await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    const file = video.current && (await grabber.file(video.current, photoName(now, i)));
    if (!file) break;
    files.push({ path: file.name, file });
    onPhoto(files.length);
  }
  return files;
}
