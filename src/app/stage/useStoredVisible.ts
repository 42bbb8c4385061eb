// Whether the stored map is what is to be seen: it exists for this image, nothing is pasted, and no live overlay of
// this image has come.
import { liveOnScreen, mapInUse } from '../shell/selectors';
import { storedMap } from '../keeping/storedMaps';
import { useApp } from '../shell/store';

export const useStoredVisible = (): boolean =>
  useApp(
    (state) =>
      mapInUse(state) === 'fused' &&
      !state.params.fbpOn &&
      storedMap(state.data.selected) !== null &&
      !liveOnScreen(state),
  );
