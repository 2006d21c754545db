import { optional, setting } from '../setting.ts';

/** What to do. */
export const TASK_SETTINGS = {
  consumerType: setting.text('CONSUMER_TYPE', 'image', 'The workflow to run.', {
    allowed: 'the name of a workflow, in any case',
  }),
  queue: setting.text(
    'QUEUE',
    'predict',
    'Redis list to take jobs from; converted to lower case.',
    {
      allowed: 'the name of a list',
    },
  ),
  consumers: setting.list(
    'CONSUMERS',
    'Workflows to run side by side in this process. Each takes jobs from the queue of its own name, or from the ' +
      'one named after a colon. CONSUMER_TYPE and QUEUE then have no effect.',
    { allowed: 'a list such as segmentation,mesmer:plates,zip:segmentation' },
  ),
  hostName: optional(
    setting.text('HOSTNAME', '', 'Name of this consumer; in Kubernetes, the name of its pod.', {
      allowed: 'any name',
    }),
    'the name of the machine',
  ),
  workflowModules: setting.list(
    'WORKFLOW_MODULES',
    'Modules whose default export is a workflow, and workflows in YAML or JSON, to add to the built-in ones.',
    { allowed: 'paths, separated by commas' },
  ),
} as const;
