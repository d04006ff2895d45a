/** What every write of a leader carries: the epoch and the token of its leadership. */
export interface Fence {
  readonly epoch: number;
  readonly token: string;
}
