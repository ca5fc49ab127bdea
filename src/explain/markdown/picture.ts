/** A picture to show: its address and its size in CSS pixels. */
export interface Picture {
  readonly uri: string;
  readonly width: number;
  readonly height: number;
}
