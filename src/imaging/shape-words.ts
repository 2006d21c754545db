/** More axes than an image has; of longer shapes, which only damaged files tell of, the rest is counted. */
const MOST = 8;

/** A shape in a message: `3 × 512 × 512`. */
export function shapeWords(shape: readonly number[]): string {
  const words = shape.slice(0, MOST).join(' × ');
  return shape.length <= MOST ? words : `${words} × … (${shape.length} axes)`;
}
