// The frozen network behind the features: the bundled one, the one set now, or weights from a file.
import { setParam } from '../../state/actions/params';
import { loadWeights } from '../../state/actions/weights';
import { useApp } from '../../state/store';
import { FileButton } from '../controls/FileButton';
import { HelpTip } from '../help/HelpTip';

const BUNDLED = { id: 'mini_resnet', label: 'mini ResNet (bundled)' };

export function BackboneSelect() {
  const backbone = useApp((state) => state.params.backbone);
  const working = useApp((state) => state.engine.features?.backbone);
  const others = [...new Set([backbone, working ?? BUNDLED.id])].filter((id) => id !== BUNDLED.id);
  return (
    <span className="field">
      <label htmlFor="backbone" className="muted">
        Backbone
      </label>
      <HelpTip topic="backbone" title="Backbone" />
      <select
        id="backbone"
        className="select"
        value={backbone}
        onChange={(event) => setParam('backbone', event.target.value)}
      >
        <option value={BUNDLED.id}>{BUNDLED.label}</option>
        {others.map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
      <FileButton
        label="Load weights file (.safetensors)"
        icon="weights"
        accept=".safetensors"
        quiet
        onFiles={([first]) => void loadWeights(first!.file)}
      />
    </span>
  );
}
