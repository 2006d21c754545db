/** What counts as an h-maximum. */
export interface HMaximaOptions {
  /** How far a peak stands out: the least descent on any way to something higher. */
  readonly h: number;
  /** Radius of the disk of neighbours of a pixel, a whole number of pixels. */
  readonly radius: number;
}
