import { WORKFLOWS } from '../workflows/index.ts';

/** What `help` prints. */
export const HELP = `kiosk-redis-consumer: takes image jobs from Redis, has a model server predict, and stores label images.

  run            Run the consumer (also without a command). Settings come from the environment.
  check-config   Show the settings in force, or all that is wrong with them.
  model-server   Serve stand-ins for the models, to try everything without a GPU: [--port 8500] [--max-batch-size 32] …
  model-server   Serve classical stand-ins for the models, to try everything without a GPU.
                 --port 8500 --host 127.0.0.1 --max-batch-size 32 --tensor-content
  help           Show this.

Workflows (CONSUMER_TYPE):
${WORKFLOWS.map(({ name, summary }) => `  ${name.padEnd(14)} ${summary}`).join('\n')}

Example:
  CONSUMER_TYPE=segmentation QUEUE=segmentation REDIS_HOST=localhost TF_HOST=localhost \\
  STORAGE_BUCKET=file:///tmp/bucket kiosk-redis-consumer run
`;
