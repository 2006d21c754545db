import { defineCommand } from '../command-line/define-command.ts';

/** The command `local`; what it does is loaded when it is called. */
export const local = defineCommand({
  name: 'local',
  summary: 'Work on images with everything on this machine: no settings, nothing left running.',
  operands: { name: 'FILE', least: 1, most: Infinity, offers: 'files' },
  options: {
    workflow: {
      type: 'string',
      short: 'w',
      value: 'WORKFLOW',
      default: 'segmentation',
      offers: 'queues',
      summary: 'What is done with each image.',
    },
    field: {
      type: 'string',
      short: 'f',
      value: 'NAME=VALUE',
      multiple: true,
      offers: 'fields',
      summary: 'A field of the jobs, as `submit --help` lists them.',
    },
    'pixel-size': {
      type: 'string',
      value: 'MICRONS',
      summary: 'Side of a pixel in µm, from which the scale follows.',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FOLDER',
      default: 'results',
      offers: 'folders',
      summary: 'Where results go; files that it has results of are not done again.',
    },
    models: {
      type: 'string',
      value: 'HOST:PORT',
      summary: 'A TensorFlow Serving or Triton with the real models; else a classical stand-in.',
    },
    watch: {
      type: 'boolean',
      default: false,
      summary: 'Go on with files as they appear, until Ctrl-C.',
    },
    'no-overlays': { type: 'boolean', default: false, summary: 'Draw no outlines of cells.' },
    'ome-tiff': {
      type: 'boolean',
      default: false,
      summary: 'Leave masks as OME-TIFF of whole numbers, too.',
    },
    geojson: {
      type: 'boolean',
      default: false,
      summary: 'Leave the outlines of cells as GeoJSON, too, for QuPath.',
    },
  },
  examples: [
    {
      shows: 'Count and outline the nuclei of all images of a folder; look at results/index.html.',
      words: 'local images/',
    },
  ],
  run: async ({ values, operands }) =>
    (await import('./local.ts')).local({
      paths: operands,
      workflow: values.workflow,
      fields: values.field ?? [],
      pixelSize: values['pixel-size'],
      output: values.output,
      models: values.models,
      watch: values.watch,
      overlays: !values['no-overlays'],
      omeTiff: values['ome-tiff'],
      geojson: values.geojson,
    }),
});
