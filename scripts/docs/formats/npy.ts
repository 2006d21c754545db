import type { FormatTable } from './format-table.ts';

// prettier-ignore
export const NPY: FormatTable = {
  format: 'NumPy (.npy), inside movies that are archives',
  ending: 'npy',
  folder: 'test/formats/fixtures/npy',
  test: 'test/formats/npy/npy.test.ts',
  remarks: 'Versions 1.0 to 3.0.',
  read: [
    { variant: 'float16 to float64, int8 to int64, uint8 to uint64, both byte orders, both orders of axes', result: 'the values; whole numbers of 64 bits as float64', files: ['f*', 'i*', 'u*'] },
    { variant: 'truth values', result: '0 and 1', files: ['b1-little-c'] },
    { variant: 'scalars, vectors, empty arrays', result: 'the values', files: ['scalar', 'vector', 'empty'] },
    { variant: 'later versions', result: 'the values', files: ['version-2', 'version-3'] },
    { variant: 'complex numbers, objects, structures', result: 'refused: unsupported_file', files: ['complex', 'object', 'structured'] },
  ],
  refused: [],
};
