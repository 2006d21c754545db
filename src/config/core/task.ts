import { optional, setting } from '../setting.ts';

/** What to do. */
export const TASK_SETTINGS = {
  consumerType: setting.text('CONSUMER_TYPE', 'image', 'The workflow to run.', {
    allowed: 'the name of a workflow, in any case',
  }),
  queue: setting.text('QUEUE', 'predict', 'The Redis list to take jobs from; lower-cased.', {
    allowed: 'the name of a list',
  }),
  consumers: setting.list(
    'CONSUMERS',
    'Workflows to run beside each other in this process, each on its queue, which has the name ' +
      'of the workflow unless another ' +
      'follows a colon. CONSUMER_TYPE and QUEUE have no effect then.',
    { allowed: 'such as segmentation,mesmer:plates,zip:segmentation' },
  ),
  hostName: optional(
    setting.text('HOSTNAME', '', 'Name of this consumer; in Kubernetes the name of its pod.', {
      allowed: 'any name',
    }),
    'the name of the machine',
  ),
  workflowModules: setting.list(
    'WORKFLOW_MODULES',
    'Modules whose default export is a workflow, or workflows in YAML or JSON, to run besides the built-in ones.',
    { allowed: 'paths, separated by commas' },
  ),
} as const;
