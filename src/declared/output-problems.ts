import { type Declaration, USUAL_OVERLAP } from './declaration.ts';

type Output = Declaration['outputs'][number];
type Kind = 'predictions' | 'labels' | 'spots';

/** The files that there are of each kind of result, and what says that it is of that kind. */
const FILES: Readonly<Record<Kind, { readonly may: readonly Output[]; readonly because: string }>> =
  {
    predictions: {
      may: ['predictions'],
      because: 'nothing makes labels or spots without postprocessing',
    },
    labels: { may: ['labels', 'counts'], because: 'postprocessing makes labels' },
    spots: { may: ['spots', 'pictures', 'counts'], because: 'postprocessing finds spots' },
  };

/** A sentence, and the member of the declaration that it is about, or that asks for it if it is missing. */
export interface MemberProblem {
  readonly members: readonly (keyof Declaration)[];
  readonly message: string;
}

/** What is wrong with a declaration whose members are right each for itself, but do not go together. */
export function togetherProblems(declared: Declaration): MemberProblem[] {
  return [
    ...outputProblems(declared).map((message) => ({ members: ['outputs'] as const, message })),
    ...(kindOf(declared.postprocessing) === 'spots'
      ? spotProblems(declared)
      : headProblems(declared)),
  ];
}

/** What is wrong with the files that a declaration asks for. */
function outputProblems(declared: Declaration): string[] {
  const { outputs, postprocessing } = declared;
  const kind = kindOf(postprocessing);
  const { may, because } = FILES[kind];
  const twice = outputs.filter((name, at) => outputs.indexOf(name) !== at);
  const strangers = [...new Set(outputs)].filter((name) => !may.includes(name));
  return [
    ...new Set(twice.map((name) => `outputs names ${name} twice.`)),
    ...strangers.map((name) => `outputs names ${name}, but ${because}: write ${may.join(', ')}.`),
    ...(strangers.length === 0 && outputs.every((name) => name === 'counts')
      ? [`outputs has no image or points, which viewers show: add ${may[0]}.`]
      : []),
  ];
}

function kindOf(postprocessing: Declaration['postprocessing']): Kind {
  if (postprocessing === undefined) return 'predictions';
  return postprocessing.function === 'spots' ? 'spots' : 'labels';
}

/** Each part of a watershed takes two of the outputs of the model; one alone has usual ones. */
function headProblems({ postprocessing, model_outputs: heads }: Declaration): MemberProblem[] {
  if (postprocessing?.function !== 'deep_watershed') return [];
  const parts = postprocessing.parts?.length ?? 1;
  if (heads === undefined && parts === 1) return [];
  if (heads?.length === 2 * parts) return [];
  const each = 'the inner distance and the interior';
  const of = parts === 1 ? '' : ` for each of its ${parts} parts`;
  const given = heads === undefined ? 'is missing' : `has ${heads.length} entries`;
  const message = `model_outputs ${given}, but deep_watershed takes 2${of}: ${each}.`;
  return [{ members: ['model_outputs', 'postprocessing'], message }];
}

/** Spots are found as the built-in workflow does: in one channel, at the size of the image. */
function spotProblems(declared: Declaration): MemberProblem[] {
  const { normalization, pixel_size, channels, model_outputs } = declared;
  const isScaled = normalization === 'min_max' || normalization === 'min_max_clip';
  const unread = [
    ['pixel_size', pixel_size !== undefined],
    ['channels', channels.join() !== '0'],
    ['model_outputs', model_outputs !== undefined],
    ['tiling', declared.tiling.border !== 'reflect' || declared.tiling.overlap !== USUAL_OVERLAP],
  ] as const;
  return [
    ...(isScaled
      ? []
      : [
          {
            members: ['normalization', 'postprocessing'] as const,
            message: `normalization is ${normalization}, but spots takes min_max or min_max_clip.`,
          },
        ]),
    ...unread
      .filter(([, isSet]) => isSet)
      .map(([name]) => ({
        members: [name],
        message: `${name} has no effect on spots: leave it out.`,
      })),
  ];
}
