import type { Declaration } from './declaration.ts';

/** What is wrong with the files that a declaration asks for: what each of them needs stands elsewhere in it. */
export function outputProblems({
  outputs,
  postprocessing,
  model_outputs: heads,
}: Declaration): string[] {
  const isLabelled = postprocessing !== undefined;
  const has = (name: (typeof outputs)[number]): boolean => outputs.includes(name);
  const twice = outputs.filter((name, at) => outputs.indexOf(name) !== at);
  return [
    ...new Set(twice.map((name) => `outputs names ${name} twice.`)),
    ...(has('labels') || has('predictions')
      ? []
      : ['outputs has no image, which viewers show: add labels or predictions.']),
    ...(has('predictions') && isLabelled
      ? ['outputs names predictions, but postprocessing makes labels of them: write labels.']
      : []),
    ...(['labels', 'counts'] as const).flatMap((name) =>
      has(name) && !isLabelled
        ? [`outputs names ${name}, which only postprocessing makes: add it, or write predictions.`]
        : [],
    ),
    ...(isLabelled && heads !== undefined && heads.length !== 2
      ? [
          `model_outputs has ${heads.length} entries, but deep_watershed takes 2: the inner distance and the interior.`,
        ]
      : []),
  ];
}
