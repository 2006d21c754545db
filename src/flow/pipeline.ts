import type { PipelineOf } from './pipeline-of.ts';
import type { AnyStage } from './stage.ts';

/**
 * Puts stages in order. Each must find what it needs in what the stages before it left, else it does not compile.
 *
 * @example
 * pipeline(download, describeImage, decodeImage, orient());
 */
export const pipeline: PipelineOf = (...stages: AnyStage[]) => ({ stages });
