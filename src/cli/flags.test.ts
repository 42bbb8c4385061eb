import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { PARAM_NAMES, PARAMS, type ParamName } from '../settings/table';
import { specOf } from '../settings/values';
import { BadFlag } from './errors';
import { addParamOptions, paramsOf, presetsHelp } from './flags';

const command = (wanted?: (name: ParamName) => boolean) =>
  addParamOptions(new Command('evaluate').exitOverride(), wanted);
const parse = (...args: string[]) => paramsOf(command().parse(args, { from: 'user' }).opts());

describe('flags', () => {
  it('every row with a flag can be set, and no other', () => {
    for (const name of PARAM_NAMES) {
      const spec = specOf(name);
      if (!spec.flag) continue;
      const value =
        spec.kind === 'number' ? spec.max : spec.kind === 'choice' ? spec.options.at(-1)!.value : 'x';
      if (spec.kind === 'flag') {
        expect(parse(`--${spec.flag}`)).toEqual({ [name]: true });
        expect(parse(`--no-${spec.flag}`)).toEqual({ [name]: false });
      } else {
        expect(parse(`--${spec.flag}`, String(value))).toEqual({ [name]: value });
      }
    }
  });

  it('leaves everything alone that is not named', () => {
    expect(parse()).toEqual({});
  });

  it('reads the epochs of both stages from one flag', () => {
    expect(parse('--epochs', '5,15')).toEqual({ epochs1: 5, epochs2: 15 });
    expect(() => parse('--epochs', '5')).toThrow(BadFlag);
    expect(() => parse('--epochs', '5,x')).toThrow(BadFlag);
    expect(() => parse('--epochs', '5,1000')).toThrow(BadFlag);
  });

  it.each([
    ['--size', '5000'],
    ['--size', 'big'],
    ['--size', ''],
    ['--size', '128.5'],
    ['--method', 'magic'],
  ])('refuses %s %s instead of starting with another value', (flag, value) => {
    expect(() => parse(flag, value)).toThrow(BadFlag);
  });

  it('says in the remedy what is allowed', () => {
    try {
      parse('--size', '5000');
      expect.unreachable();
    } catch (error) {
      expect((error as BadFlag).remedy).toContain('32 to 1024 px');
    }
  });

  it('puts default, range and unit of every row into the help', () => {
    const help = command().helpInformation().replace(/\s+/g, ' ');
    for (const name of PARAM_NAMES) {
      const spec = specOf(name);
      if (!spec.flag) continue;
      expect(help).toContain(`--${spec.flag}`);
      expect(help).toContain(spec.help);
      if (spec.kind === 'number') expect(help).toContain(`${spec.min} to ${spec.max}`);
    }
    expect(help).toContain('--epochs <a,b>');
    expect(help).not.toContain('--no-refine');
  });

  it('offers only what a command wants', () => {
    const help = command((name) => PARAMS[name].group === 'score').helpInformation();
    expect(help).toContain('--smooth');
    expect(help).not.toContain('--lr');
    expect(help).not.toContain('--epochs');
  });

  it('describes every preset', () => {
    for (const { value } of PARAMS.preset.options) expect(presetsHelp()).toContain(`  ${value}`);
    expect(presetsHelp()).toContain('--backbone efficientnet_b0 --size 256 --no-project');
    expect(presetsHelp()).toContain('--epochs 0,50');
  });
});
