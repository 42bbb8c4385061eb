// Whether the stored map is what is to be seen: it exists for this image, nothing is pasted, and no live overlay of
// this image has come.
import { liveOnScreen, mapInUse } from '../../state/selectors';
import { storedMap } from '../../state/stored';
import { useApp } from '../../state/store';

export const useStoredVisible = (): boolean =>
  useApp(
    (state) =>
      mapInUse(state) === 'fused' &&
      !state.params.fbpOn &&
      storedMap(state.data.selected) !== null &&
      !liveOnScreen(state),
  );
