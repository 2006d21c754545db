/** A track as `lineage.json` has it. */
export interface Track {
  readonly label: number;
  readonly frames: readonly number[];
  readonly daughters: readonly number[];
  readonly parent: number | null;
}

export function readLineage(bytes: Uint8Array | undefined): Track[] {
  // Our own result, of the form that docs and goldens hold.
  const tracks = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, Track>;
  return Object.values(tracks);
}

/** A line for each track, daughters indented below their mother. */
export function lineageTree(tracks: readonly Track[]): string {
  const byLabel = new Map(tracks.map((track) => [track.label, track]));
  const lines = (track: Track, depth: number): string[] => {
    const daughters = track.daughters.flatMap((label) => byLabel.get(label) ?? []);
    const divides = daughters.length > 0 ? ', then divides' : '';
    const own = `${'  '.repeat(depth)}track ${track.label}: ${framesOf(track)}${divides}`;
    return [own, ...daughters.flatMap((daughter) => lines(daughter, depth + 1))];
  };
  return tracks
    .filter(({ parent }) => parent === null)
    .flatMap((track) => lines(track, 0))
    .join('\n');
}

function framesOf({ frames }: Track): string {
  return `frames ${frames[0] ?? '?'} to ${frames.at(-1) ?? '?'}`;
}
