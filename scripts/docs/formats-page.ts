import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, matchesGlob } from 'node:path/posix';
import { ALWAYS_ALLOWED, LARGEST_RATIO } from '../../src/formats/image-limits.ts';
import { ALWAYS_SEGMENTS, BYTES_PER_SEGMENT } from '../../src/formats/tiff/decode-tiff.ts';
import { KNOWN_FORMATS, REMEDIES } from '../../src/formats/unread/known-formats.ts';
import type { FormatTable, Variant } from './formats/format-table.ts';
import { JPEG } from './formats/jpeg.ts';
import { NPY } from './formats/npy.ts';
import { PNG } from './formats/png.ts';

const TABLES: readonly FormatTable[] = [PNG, JPEG, NPY];
const TIFF_FOLDER = 'test/formats/tiff/fixtures';
const TIFF_TEST = 'test/formats/tiff/decode-tiff.test.ts';

/** The page that says of each variant of a format what becomes of it, and which test holds that. */
export function formatsPage(): string {
  return [
    '# Formats\n',
    'What is read, what is refused, and the files that hold it: each is in the folder named, and read by the test named. Generated from `scripts/docs/formats/` and from the list of TIFF files that their generator writes.\n',
    'Files are known by their contents; one that is called .tif or .tiff must be a TIFF.\n',
    ...tiffSection(),
    ...TABLES.flatMap(section),
    ...unreadSection(),
    ...boundsSection(),
  ].join('\n');
}

/** One line for each file that no row names, and each file or test that is named and not there. */
export function formatProblems(tables = TABLES): string[] {
  return tables.flatMap(({ format, folder, ending, test, read, refused }) => {
    const files = globSync(`${folder}/*.${ending}`).map((file) => basename(file, `.${ending}`));
    const patterns = [...read, ...refused.map(withPrefix)].flatMap((row) => row.files);
    const unnamed = files.filter((file) => !patterns.some((one) => matchesGlob(file, one)));
    const absent = patterns.filter((one) => !files.some((file) => matchesGlob(file, one)));
    return [
      ...(existsSync(test) ? [] : [`docs/FORMATS.md: no test ${test} of ${format}`]),
      ...unnamed.map((file) => `${folder}/${file}: no row of ${format} in docs/FORMATS.md has it`),
      ...absent.map((one) => `docs/FORMATS.md: no file ${one} of ${format} in ${folder}`),
    ];
  });
}

function withPrefix(row: Variant): Variant {
  return { ...row, files: row.files.map((file) => `refused-${file}`) };
}

const HEAD = ['| variant | result | files |', '|---|---|---|'];

function section({ format, folder, test, remarks, read, refused }: FormatTable): string[] {
  return [
    `## ${format}\n`,
    `${remarks} Files: \`${folder}/\`; test: \`${test}\`.\n`,
    ...HEAD,
    ...read.map((row) => line(row, 'read: ')),
    ...refused.map((row) => line(withPrefix(row), 'refused: ')),
    '',
  ];
}

function line({ variant, result, files }: Variant, before: string): string {
  const said = result.startsWith('refused') ? result : before + result;
  return `| ${variant} | ${said} | ${files.map((file) => `\`${file}\``).join(', ')} |`;
}

interface TiffCase {
  readonly file: string;
  readonly title: string;
  readonly axes?: string;
  readonly decide?: string;
  readonly refused?: string;
}

function tiffSection(): string[] {
  // Written together with the files, by the same script.
  const cases = JSON.parse(readFileSync(`${TIFF_FOLDER}/manifest.json`, 'utf8')) as TiffCase[];
  const rows = cases.map(({ file, title, axes = '', decide, refused }) => {
    const result = refused === undefined ? `read: ${axes}` : `refused: ${refused}`;
    const why = decide === undefined ? '' : ` (readers disagree; decided: ${decide})`;
    return `| ${escaped(title + why)} | ${result} | \`${file}\` |`;
  });
  return [
    '## TIFF\n',
    `The array that tifffile's \`imread\` gives. Files: \`${TIFF_FOLDER}/\`; test: \`${TIFF_TEST}\`. Plain, compressed, tiled and planar files of every type are in \`test/formats/fixtures/\`; test: \`test/formats/decode-image.test.ts\`.\n`,
    ...HEAD,
    ...rows,
    '',
  ];
}

function unreadSection(): string[] {
  const rows = new Map(KNOWN_FORMATS.map(({ what, remedy }) => [what, REMEDIES[remedy]]));
  return [
    '## Other formats\n',
    'Refused by name, as `unsupported_file`. Besides these: pictures and films in the container of MP4 (HEIC, AVIF, …), archives and arrays in zip files (OME-Zarr, NPZ, Office), and texts (web pages, XML, JSON, PNM). Test: `test/formats/unread/unread-format.test.ts`.\n',
    '| the file is | what to do |',
    '|---|---|',
    ...Array.from(rows, ([what, remedy]) => `| ${what} | ${remedy} |`),
    '',
  ];
}

function boundsSection(): string[] {
  return [
    '## What a file may ask for\n',
    'An image is refused by its header, before memory is taken for it. Files that ask for much are in `test/formats/bombs/`; tests: `test/formats/bombs.test.ts`, `test/formats/tiff/bounds.test.ts`; their time and memory: `npm run bench -- formats --bombs`.\n',
    '| bound | otherwise |',
    '|---|---|',
    '| rows and columns: MAX_IMAGE_HEIGHT, MAX_IMAGE_WIDTH; frames: MAX_IMAGE_FRAMES | image_too_large |',
    `| bytes as float32: ${ALWAYS_ALLOWED / 2 ** 20} MiB, and ${LARGEST_RATIO} more for each byte of the file after the first MiB; MAX_FILE_BYTES in any case | image_too_large |`,
    `| TIFF: compressed strips or tiles: ${ALWAYS_SEGMENTS}, and one for each ${BYTES_PER_SEGMENT} bytes of the file | image_too_large |`,
    '| TIFF: pages: 65,536; bytes of all compressed strips or tiles: twice those of the file; tiles: four times the image, and 64 MiB | corrupt_image |',
    '| JPEG: scans: 1000, fewer of a large image; those of all JPEG strips and tiles of a TIFF are counted together | corrupt_image |',
    '| OME-XML: 256 elements within each other; deeper ones are taken for damaged, and the pages are read without them | read |',
    '',
  ];
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
