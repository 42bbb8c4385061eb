// One measured thing beside its yardstick: a row of every bench's table.
export interface Measurement {
  name: string;
  ms: number;
  /** `ms` in multiples of the yardstick's time: comparable between machines. */
  ratio: number;
  yardstick: string;
  /** Images a second, where images are what is measured. */
  perSecond?: number;
}
