import { defineWorkflow, download, packageResults, pipeline, upload } from '../../src/index.ts';

/** A workflow that stores a copy of each file: what is left of a consumer when only its bucket matters. */
export default defineWorkflow({
  name: 'copy',
  summary: 'Stores a copy of each file.',
  accepts: () => true,
  settings: {},
  pipeline: () =>
    pipeline(
      download,
      packageResults(({ file }: { file: Uint8Array }) => [
        { kind: 'bytes', name: 'copy', bytes: file },
      ]),
      upload,
    ),
});

/** Where this module is, for WORKFLOW_MODULES. */
export const COPY_WORKFLOW = import.meta.filename;
