import type { JobFields } from '../ports.ts';
import type { InputDescription } from '../stages/job-fields/describe-input.ts';

/**
 * What the consumer wrote about how it understood an image; undefined for consumers that write nothing, and
 * for archives.
 */
export function inputOf({ input = '' }: JobFields): InputDescription | undefined {
  try {
    const found: unknown = JSON.parse(input);
    const isWhole =
      typeof found === 'object' && found !== null && Array.isArray(Reflect.get(found, 'channels'));
    // Written by our own consumer: `describeInput`.
    return isWhole ? (found as InputDescription) : undefined;
  } catch {
    return undefined;
  }
}

/** The same in a sentence for people. */
export function understood(input: InputDescription | undefined): string {
  if (input === undefined) return '';
  const { images, size, channels, channelsOf, scale, pixelSize, axesBy } = input;
  const names = channels.map(({ channel, name }) =>
    name === undefined ? String(channel) : `${channel} (${name})`,
  );
  return [
    `${images > 1 ? `${images} images of ` : ''}${size.join(' × ')} pixels`,
    `channel ${names.join(', ')} of ${channelsOf}`,
    `axes by ${axesBy}`,
    ...(scale === 1 ? [] : [`scale ${scale}`]),
    ...(pixelSize ? [`${pixelSize.x} µm per pixel`] : []),
  ].join('; ');
}
