import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDeclaration } from '../../src/declared/read-declaration.ts';

const RIGHT = `name: bright-nuclei
summary: Labels bright nuclei.
model: Bright:3
postprocessing:
  function: deep_watershed
  radius: 5
outputs: [labels, counts]
`;

function problemsOf(source: string): string[] {
  const problems: string[] = [];
  readDeclaration(source, 'w.yaml', problems);
  return problems;
}

test('what is left out has a default, and JSON reads as YAML', () => {
  const problems: string[] = [];
  const read = readDeclaration(RIGHT, 'w.yaml', problems);
  assert.deepEqual(problems, []);
  assert.partialDeepStrictEqual(read, {
    channels: [0],
    normalization: 'none',
    tiling: { border: 'reflect', overlap: 0.25 },
    postprocessing: { function: 'deep_watershed', radius: 5, interior_smooth: 1 },
  });
  const json = JSON.stringify({
    name: 'bright-nuclei',
    summary: 'Labels bright nuclei.',
    model: 'Bright:3',
    postprocessing: { function: 'deep_watershed', radius: 5 },
    outputs: ['labels', 'counts'],
  });
  assert.deepEqual(readDeclaration(json, 'w.json', problems), read);
});

/** What is changed in the declaration above, and what is said of it. */
const MISTAKES: readonly (readonly [string, string, string])[] = [
  [
    'radius: 5',
    'radus: 5',
    'w.yaml:6:3: "radus" is no setting of "postprocessing". Did you mean radius?',
  ],
  [
    'radius: 5',
    'radius: five',
    'w.yaml:6:11: postprocessing.radius is "five", but must be a whole number of pixels from 0 on.',
  ],
  [
    'radius: 5',
    'radius: -1',
    'w.yaml:6:11: postprocessing.radius is -1, but must be a whole number of pixels from 0 on.',
  ],
  [
    'radius: 5',
    'radius:',
    'w.yaml:6:10: postprocessing.radius is empty, but must be a whole number of pixels from 0 on.',
  ],
  [
    'deep_watershed',
    'deep_watershd',
    'w.yaml:5:13: postprocessing.function is "deep_watershd", but must be one of deep_watershed, spots. Did you mean deep_watershed?',
  ],
  [
    'model: Bright:3\n',
    '',
    'w.yaml:1:1: "model" is missing. The model; the variable <NAME>_MODEL takes its place, as in BRIGHT_NUCLEI_MODEL. Write, say, model: Nuclei:3',
  ],
  [
    'Bright:3',
    'Bright',
    'w.yaml:3:8: model is "Bright", but must be the name and version of a served model, such as Nuclei:3.',
  ],
  [
    'name: bright-nuclei',
    'name: Bright Nuclei',
    'w.yaml:1:7: name is "Bright Nuclei", but must be small letters, digits and hyphens, such as bright-nuclei.',
  ],
  [
    '[labels, counts]',
    '[]',
    'w.yaml:7:10: outputs has 0 entries, but must have 1 to 3: one of labels, predictions, spots, pictures, counts.',
  ],
  [
    '[labels, counts]',
    'labels',
    'w.yaml:7:10: outputs is "labels", but must be a list, each of which is one of labels, predictions, spots, pictures, counts.',
  ],
  [
    '[labels, counts]',
    '[counts]',
    'w.yaml:7:10: outputs has no image or points, which viewers show: add labels.',
  ],
  [
    'outputs: [labels, counts]\n',
    '',
    'w.yaml:1:1: "outputs" is missing. The files of the result: labels (TIFF) or predictions (TIFF, the outputs of the model as they are), and counts (CSV, cells of each image); of spots, these (NPY, row and column of each) and pictures (TIFF, the image with its spots). Write, say, outputs: [labels, counts]',
  ],
  [
    '[labels, counts]',
    '[predictions]',
    'w.yaml:7:10: outputs names predictions, but postprocessing makes labels: write labels, counts.',
  ],
  [
    'radius: 5',
    'parts: [{ radius: 3 }, { radius: 4 }]',
    'w.yaml:5:3: model_outputs is missing, but deep_watershed takes 2 for each of its 2 parts: the inner distance and the interior.',
  ],
  [
    'radius: 5',
    'parts: [{ radus: 3 }]',
    'w.yaml:6:13: "radus" is no setting of "postprocessing.parts[0]". Did you mean radius?',
  ],
  [
    'deep_watershed\n  radius: 5',
    'spots\n  radius: 5',
    'w.yaml:6:3: "radius" is no setting of "postprocessing". There are function, threshold.',
  ],
  [
    'deep_watershed\n  radius: 5',
    'spots\n  threshold: 95',
    'w.yaml:6:14: postprocessing.threshold is 95, but must be a number from 0 to 1.',
  ],
  [
    'model: Bright:3',
    'model: Bright:3\nmodel: Other:1',
    'w.yaml:4:1: This is set twice; keep one.',
  ],
  [
    'model: Bright:3',
    'model: Bright:3\nnormalisation: none',
    'w.yaml:4:1: "normalisation" is no setting of a workflow. Did you mean normalization?',
  ],
  [
    'model: Bright:3',
    'model: &m Bright:3\nnormalization: *m',
    'w.yaml:4:16: References (*name) are not read here; write it out.',
  ],
];

for (const [right, wrong, said] of MISTAKES) {
  test(`${JSON.stringify(wrong)} is refused with its place and a sentence`, () => {
    assert.ok(RIGHT.includes(right));
    const problems = problemsOf(RIGHT.replace(right, wrong));
    assert.ok(problems.includes(said), problems.join('\n'));
  });
}

test('what is no YAML is refused where it breaks', () => {
  assert.match(
    problemsOf('name: [bright\nmodel: x').join('\n'),
    /^w\.yaml:\d+:\d+: This is no YAML: /,
  );
  assert.match(problemsOf('').join('\n'), /^w\.yaml:1:1: The file is empty, but must be an object/);
  assert.match(
    problemsOf('- a').join('\n'),
    /^w\.yaml:1:1: The file is a list, but must be an object/,
  );
});

test('all mistakes are told together, in their order', () => {
  const wrong = RIGHT.replace('Bright:3', '3')
    .replace('radius', 'radus')
    .replace('counts', 'cells');
  assert.deepEqual(
    problemsOf(wrong).map((line) => line.split(' ')[0]),
    ['w.yaml:3:8:', 'w.yaml:6:3:', 'w.yaml:7:19:'],
  );
});

test('what has no effect on spots, or no meaning, is refused', () => {
  const spots = RIGHT.replace('deep_watershed\n  radius: 5', 'spots');
  assert.deepEqual(problemsOf(spots.replace('summary', 'pixel_size: 0.65\nsummary')), [
    'w.yaml:2:13: pixel_size has no effect on spots: leave it out.',
    'w.yaml:6:3: normalization is none, but spots takes min_max or min_max_clip.',
    'w.yaml:7:10: outputs names labels, but postprocessing finds spots: write spots, pictures, counts.',
  ]);
  assert.deepEqual(
    problemsOf(
      spots.replace('summary', 'normalization: normalize\nsummary').replace('labels', 'spots'),
    ),
    ['w.yaml:2:16: normalization is normalize, but spots takes min_max or min_max_clip.'],
  );
});

test('an unknown function is told alone: what its parameters may be is not known', () => {
  assert.deepEqual(problemsOf(RIGHT.replace('deep_watershed', 'otsu')), [
    'w.yaml:5:13: postprocessing.function is "otsu", but must be one of deep_watershed, spots.',
  ]);
});
