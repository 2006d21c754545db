/* What authors of workflows import, as the README shows. A test pins this list. */
export { optional, setting } from './config/setting.ts';
export { KnownError, type ErrorCode } from './errors.ts';
export { pipeline } from './flow/pipeline.ts';
export { type Pipeline, type Stage, type StageContext, defineStage } from './flow/stage.ts';
export { defineWorkflow, isImage } from './flow/workflow.ts';
export type { Job } from './flow/job.ts';
export type { Image, Labels, NdArray } from './imaging/array.ts';
export { compute } from './stages/compute.ts';
export { decodeImage } from './stages/decode-image.ts';
export { describeImage } from './stages/describe-image.ts';
export { download } from './stages/download.ts';
export { orient } from './stages/orient.ts';
export { csv, npy, packageResults, resultStem, tiff } from './stages/package-results.ts';
export { predictTiles } from './stages/predict-tiles.ts';
export { upload } from './stages/upload.ts';
