/** Extent of a pixel in µm. */
export interface PixelSize {
  readonly x: number;
  readonly y: number;
  /** From a slice to the next. */
  readonly z?: number;
}

/** What a file says about its image. */
export interface ImageDescription {
  /** Lengths of the axes of the array that decoding gives. */
  readonly shape: readonly number[];
  /**
   * What each axis is: T frames, Z slices, C channels, Y rows, X columns, S the samples of a pixel; I
   * the pages of a file that does not say what they are; Q an axis of which nothing is known.
   */
  readonly axes: string;
  /** Who names the axes, for messages. */
  readonly axesFrom: string;
  /**
   * What the file says of its pages, where that does not fit them: then nobody knows which of them are frames
   * or channels.
   */
  readonly misfit?: string;
  /** Names of the channels, in order; empty if the file has none. */
  readonly channelNames: readonly string[];
  readonly pixelSize?: PixelSize;
  /** How the file stores a value: `uint16`, `float32`, … */
  readonly sampleType: string;
  /** What was left out or taken for granted, in sentences. */
  readonly notes: readonly string[];
}
