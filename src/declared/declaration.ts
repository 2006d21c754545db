import {
  type JsonSchema,
  type Member,
  type ValuesOf,
  choice,
  list,
  number,
  numberOr,
  object,
  optional,
  required,
  text,
  variants,
} from './shape.ts';

/*
 * The table of what a workflow in YAML or JSON may say. Files are read by it, and docs/workflow.schema.json
 * is made from it.
 */

/** As of the workflows that are built in. */
export const USUAL_OVERLAP = 0.25;

const MODEL = text(/^[^:\s]+:\d+$/, 'the name and version of a served model, such as Nuclei:3');
const ZERO_ON = number('a whole number from 0 on', { min: 0, whole: true });
const PIXELS = number('a number of pixels from 0 on', { min: 0 });
const WHOLE_PIXELS = number('a whole number of pixels from 0 on', { min: 0, whole: true });
const LEVEL = number('a number', {});

/** The parameters of the watershed, as the library in Python calls them. */
const WATERSHED = {
  radius: optional(WHOLE_PIXELS, 'Radius in which a marker is a maximum.', 10),
  maxima_algorithm: optional(
    choice(['h_maxima', 'peak_local_max'] as const),
    'The rule that finds markers.',
    'h_maxima',
  ),
  maxima_threshold: optional(LEVEL, 'How far a marker stands out, or its least value.', 0.1),
  interior_threshold: optional(LEVEL, 'Cells are where the interior is above this.', 0.01),
  maxima_smooth: optional(PIXELS, 'Standard deviation of the Gaussian that smooths the maxima.', 0),
  interior_smooth: optional(PIXELS, 'The same for the interior.', 1),
  pixel_expansion: optional(WHOLE_PIXELS, 'By how much the interior is widened.', 0),
  label_erosion: optional(WHOLE_PIXELS, 'By how much labels shrink where they touch.', 0),
  small_objects_threshold: optional(WHOLE_PIXELS, 'Objects with fewer pixels are removed.', 0),
  fill_holes_threshold: optional(WHOLE_PIXELS, 'Holes with fewer pixels are filled.', 0),
};

/** The same for one part of several: what it does not say holds as for all. */
const PART = Object.fromEntries(
  Object.entries(WATERSHED).map(([name, { shape, summary }]) => [
    name,
    { shape, summary, fallback: undefined },
  ]),
) as {
  readonly [Name in keyof typeof WATERSHED]: Member<
    NonNullable<ValuesOf<typeof WATERSHED>[Name]> | undefined
  >;
};

/** What makes a result of the outputs of a model, and its parameters. */
const POSTPROCESSING = {
  deep_watershed: {
    ...WATERSHED,
    parts: optional<readonly ValuesOf<typeof PART>[]>(
      list(object(PART), { most: 8 }),
      'Kinds of cells that are labelled each by itself, such as whole cells and nuclei, with ' +
        'what differs from the parameters above. Each takes two of the outputs, in their order, and gives a feature.',
    ),
  },
  spots: {
    threshold: optional(
      number('a number from 0 to 1', { min: 0, max: 1 }),
      'Minimum probability of a spot.',
      0.95,
    ),
  },
};

const MEMBERS = {
  name: required<string>(
    text(/^[a-z][a-z0-9-]*$/, 'small letters, digits and hyphens, such as bright-nuclei'),
    'What CONSUMER_TYPE and CONSUMERS call the workflow.',
    'bright-nuclei',
  ),
  summary: required<string>(
    text(/\S/, 'a sentence'),
    'One sentence, for lists.',
    'Labels bright nuclei.',
  ),
  model: required<string>(
    MODEL,
    'The model; the variable <NAME>_MODEL takes its place, as in BRIGHT_NUCLEI_MODEL.',
    'Nuclei:3',
  ),
  channels: optional<readonly (number | string)[]>(
    list(numberOr(ZERO_ON, text(/^[^,]*\S[^,]*$/, 'the name of a channel')), { most: 16 }),
    'The channels that the model sees together, by number or by the names in the file; the field ' +
      'channels of a job chooses others.',
    [0],
  ),
  pixel_size: optional<number>(
    number('a number above 0, in µm', { above: 0 }),
    'Side of the pixels that the model was trained with, in µm: images are resized to it.',
  ),
  normalization: optional(
    choice([
      'none',
      'histogram_normalization',
      'normalize',
      'min_max',
      'min_max_clip',
      'multiplex_preprocess',
    ]),
    'What is done with the image before the model sees it.',
    'none',
  ),
  tiling: optional(
    object({
      border: optional(
        choice(['reflect', 'constant']),
        'What stands beyond the border of the image: its mirror image, or 0.',
        'reflect',
      ),
      overlap: optional(
        number('a number from 0 to 0.5', { min: 0, max: 0.5 }),
        'Share of a tile that the next one overlaps.',
        USUAL_OVERLAP,
      ),
    }),
    'How the image is cut into tiles, which have the size that the model says.',
    { border: 'reflect', overlap: USUAL_OVERLAP },
  ),
  model_outputs: optional(
    list(
      object({
        output: required<number>(
          number('a whole number', { whole: true }),
          'Place of the output in the order of names; -1 is the last.',
          '0',
        ),
        channel: optional<number>(ZERO_ON, 'Its channel; all if absent.'),
      }),
      { most: 16 },
    ),
    'The outputs of the model that are used. Without it all; of a watershed the first channel of ' +
      'the first and of the last.',
  ),
  postprocessing: optional(
    variants('function', 'What makes a result of the outputs.', POSTPROCESSING),
    'How a result is made: deep_watershed makes labels of two outputs, the inner distance and ' +
      'the interior; spots finds points. Without it the outputs are the result.',
  ),
  outputs: required(
    list(choice(['labels', 'predictions', 'spots', 'pictures', 'counts']), { most: 3 }),
    'The files of the result: labels (TIFF) or predictions (TIFF, the outputs of the model as ' +
      'they are), and counts (CSV, cells of each image); of spots, these (NPY, row and column of each) ' +
      'and pictures (TIFF, the image with its spots).',
    '[labels, counts]',
  ),
};

/** A workflow that is declared in a file. */
export const DECLARATION = object(MEMBERS);

/** What a file says. */
export type Declaration = ValuesOf<typeof MEMBERS>;

/** The JSON schema of such a file, for editors. */
export const DECLARATION_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A workflow of kiosk-redis-consumer',
  ...DECLARATION.schema,
};
