// How far the download is: phase and bytes.
import type { WeightsSlice } from './weightsSlice';
import { useApp } from '../shell/store';
import { ProgressBar } from '../controls/ProgressBar';
import { formatBytes } from '../controls/format';

type Download = NonNullable<WeightsSlice['download']>;

const PHASES: Record<Download['phase'], string> = {
  header: 'Reading what is where',
  tensors: 'Downloading',
  check: 'Checking and keeping',
  upload: 'Uploading to the adapter',
  'warm-up': 'Warming up',
};

export function DownloadLine() {
  const download = useApp((state) => state.weights.download);
  if (!download) return null;
  const { phase, doneBytes, totalBytes } = download;
  const bytes = totalBytes
    ? `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`
    : formatBytes(doneBytes);
  return (
    <ProgressBar
      label="Download"
      text={`${PHASES[phase]}: ${bytes}`}
      fraction={totalBytes ? doneBytes / totalBytes : 0}
    />
  );
}
