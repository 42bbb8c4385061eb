// A camera from the click that asks for it to the moment it is let go: when the dialog closes, the page is hidden, or the
// camera is unplugged. Nothing is asked for before the click.
import { useCallback, useEffect, useRef, useState } from 'react';
import { toReport, type ErrorReport } from '../../lib/errors';
import { cameraFailure, HIDDEN, UNPLUGGED } from './cameraErrors';

export interface Camera {
  status: 'off' | 'asking' | 'on';
  failure: ErrorReport | null;
  stream: MediaStream | null;
  /** All that are connected; their names are known once one was allowed. */
  devices: MediaDeviceInfo[];
  device: string | null;
  start(device?: string): void;
  stop(): void;
}

/** Enough for any input size; the camera may give less. */
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 } };

type State = Pick<Camera, 'status' | 'failure' | 'stream' | 'devices'>;
const OFF: State = { status: 'off', failure: null, stream: null, devices: [] };

export function useCamera(): Camera {
  const [state, setState] = useState<State>(OFF);
  const held = useRef<MediaStream | null>(null);
  /** Counts requests: an answer to an earlier one is let go. */
  const asked = useRef(0);

  const letGo = useCallback((failure: ErrorReport | null) => {
    asked.current++;
    held.current?.getTracks().forEach((track) => track.stop());
    held.current = null;
    setState((now) => ({ ...now, status: 'off', stream: null, failure }));
  }, []);

  const start = useCallback(
    (device?: string) => {
      letGo(null);
      const mine = ++asked.current;
      setState((now) => ({ ...now, status: 'asking' }));
      open(device).then(
        async (stream) => {
          if (mine !== asked.current) return stream.getTracks().forEach((track) => track.stop());
          held.current = stream;
          stream.getVideoTracks()[0]!.onended = () => letGo(toReport(UNPLUGGED));
          setState((now) => ({ ...now, status: 'on', failure: null, stream }));
          const devices = await cameras();
          if (mine === asked.current) setState((now) => ({ ...now, devices }));
        },
        (error: unknown) => mine === asked.current && letGo(cameraFailure(error)),
      );
    },
    [letGo],
  );

  useEffect(() => {
    const onHidden = () => document.hidden && held.current && letGo(toReport(HIDDEN));
    document.addEventListener('visibilitychange', onHidden);
    return () => {
      document.removeEventListener('visibilitychange', onHidden);
      letGo(null);
    };
  }, [letGo]);

  const device = state.stream?.getVideoTracks()[0]?.getSettings().deviceId ?? null;
  return { ...state, device, start, stop: () => letGo(null) };
}

async function open(device?: string): Promise<MediaStream> {
  const video = device
    ? { ...PICTURE, deviceId: { exact: device } }
    : { ...PICTURE, facingMode: 'environment' };
  return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

async function cameras(): Promise<MediaDeviceInfo[]> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter(({ kind }) => kind === 'videoinput');
}
