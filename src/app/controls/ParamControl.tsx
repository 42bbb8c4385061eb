// The control of one row of the parameter table, whatever its kind. Nothing here knows a concrete parameter.
import type { ParamName } from '../../settings/table';
import { Row } from '../lesson/Row';
import { specOf } from '../../settings/values';
import { ChoiceControl } from './ChoiceControl';
import { FlagControl } from './FlagControl';
import { NumberControl } from './NumberControl';
import { TextControl } from './TextControl';

export function ParamControl({ name }: { name: ParamName }) {
  return (
    <Row name={name}>
      <ControlOf name={name} />
    </Row>
  );
}

function ControlOf({ name }: { name: ParamName }) {
  const spec = specOf(name);
  switch (spec.kind) {
    case 'number':
      return <NumberControl name={name} spec={spec} />;
    case 'choice':
      return <ChoiceControl name={name} spec={spec} />;
    case 'flag':
      return <FlagControl name={name} />;
    case 'text':
      return <TextControl name={name} spec={spec} />;
  }
}
