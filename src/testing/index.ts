/* What authors of workflows import from `kiosk-redis-consumer/testing`. */
export {
  type RecordedValue,
  type RunOptions,
  type WorkflowRun,
  runWorkflow,
} from './run-workflow.ts';
export type { OutputFile } from './output-file.ts';
export type { TestModel } from '../flow/test-model.ts';
