/**
 * Where the array of an image has its channels: `last` is `[row, column, channel]`, as the Kiosk's models
 * have it, `first` is `[channel, row, column]`, as most of PyTorch's have it.
 */
export type Layout = 'first' | 'last';

/** `[row, column, channel]` as `[channel, row, column]`. */
export function channelsFirst(data: Float32Array, channels: number): Float32Array {
  if (channels === 1) return data;
  const pixels = data.length / channels;
  const turned = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel++) {
    const plane = turned.subarray(channel * pixels, (channel + 1) * pixels);
    for (let pixel = 0; pixel < pixels; pixel++) plane[pixel] = data[pixel * channels + channel];
  }
  return turned;
}

/** `[channel, row, column]` as `[row, column, channel]`. */
export function channelsLast(data: Float32Array, channels: number): Float32Array {
  return channels === 1 ? data : channelsFirst(data, data.length / channels);
}
