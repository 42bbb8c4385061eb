// Preset, backbone and method, one below the other: the inside of the chip, and of the narrow bar's menu. Loaded when it
// is first wanted.
import { useEffect } from 'react';
import { Part, Row } from '../lesson/Lock';
import { BackboneSelect } from './BackboneSelect';
import { MethodSelect } from './MethodSelect';
import { PresetSelect } from './PresetSelect';

/** @param props.onReady called when its size is known */
export default function ModelPanel({ onReady }: { onReady?: () => void }) {
  useEffect(() => onReady?.(), [onReady]);
  return (
    <>
      <Part name="settings">
        <Row name="preset">
          <PresetSelect />
        </Row>
        <Row name="backbone">
          <BackboneSelect />
        </Row>
      </Part>
      <MethodSelect />
    </>
  );
}
