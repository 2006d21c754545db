import type { Track } from '../imaging/tracking/cell-tracker.ts';

/**
 * Tracks as `lineage.json`, byte for byte as Python's `json.dump` writes the reference's: an object keyed by
 * label, in the order of the labels.
 */
export function writeLineage(tracks: readonly Track[]): Uint8Array {
  const members = tracks.map((track) => `"${track.label}": ${objectOf(track)}`);
  return new TextEncoder().encode(`{${members.join(', ')}}`);
}

function objectOf({ label, frames, daughters, capped, dividedAt, parent }: Track): string {
  const members = {
    label,
    frames: listOf(frames),
    daughters: listOf(daughters),
    capped,
    frame_div: dividedAt ?? null,
    parent: parent ?? null,
  };
  const pairs = Object.entries(members).map(([name, value]) => `"${name}": ${value}`);
  return `{${pairs.join(', ')}}`;
}

function listOf(numbers: readonly number[]): string {
  return `[${numbers.join(', ')}]`;
}
