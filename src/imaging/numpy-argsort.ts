/** Partitions of up to this many elements are sorted by insertion. */
const SMALL = 16;

/**
 * The indices that sort `keys` in ascending order, equal keys in the order in which numpy before 1.25 leaves
 * them: its introsort, a quicksort by the median of three (Musser, Software: Practice and Experience 27,
 * 1997). The result is visible where many keys are equal. The heapsort that numpy falls back to on
 * adversarial data is left out; it differs in the order of equal keys only.
 */
export function argsortLikeNumpy(keys: Float32Array | Float64Array): Int32Array {
  const order = Int32Array.from(keys, (_, index) => index);
  const open: [low: number, high: number][] = [[0, keys.length - 1]];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    let [low, high] = range;
    while (high - low >= SMALL) {
      const middle = partition(order, keys, low, high);
      if (middle - low < high - middle) {
        open.push([middle + 1, high]);
        high = middle - 1;
      } else {
        open.push([low, middle - 1]);
        low = middle + 1;
      }
    }
    insertionSort(order, keys, low, high);
  }
  return order;
}

/** Splits low..high around the median of its ends and middle; returns where that went. */
function partition(
  order: Int32Array,
  keys: Float32Array | Float64Array,
  low: number,
  high: number,
): number {
  const swap = (a: number, b: number): void => {
    [order[a], order[b]] = [order[b], order[a]];
  };
  const middle = low + ((high - low) >> 1);
  if (keys[order[middle]] < keys[order[low]]) swap(middle, low);
  if (keys[order[high]] < keys[order[middle]]) swap(high, middle);
  if (keys[order[middle]] < keys[order[low]]) swap(middle, low);
  const pivot = keys[order[middle]];
  let left = low;
  let right = high - 1;
  swap(middle, right);
  for (;;) {
    do left++;
    while (keys[order[left]] < pivot);
    do right--;
    while (pivot < keys[order[right]]);
    if (left >= right) break;
    swap(left, right);
  }
  swap(left, high - 1);
  return left;
}

function insertionSort(
  order: Int32Array,
  keys: Float32Array | Float64Array,
  low: number,
  high: number,
): void {
  for (let i = low + 1; i <= high; i++) {
    const moved = order[i];
    let hole = i;
    for (; hole > low && keys[moved] < keys[order[hole - 1]]; hole--) order[hole] = order[hole - 1];
    order[hole] = moved;
  }
}
