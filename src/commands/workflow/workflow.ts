import { didYouMean } from '../../config/nearest.ts';
import { KnownError } from '../../errors.ts';
import { ACTIONS } from './actions.ts';
import { checkWorkflow } from './check.ts';
import { deployWorkflow } from './deploy.ts';
import { newWorkflow } from './new.ts';
import type { WorkflowRequest } from './request.ts';
import { runOnce } from './run.ts';

/** Makes, checks, tries or deploys a workflow. The result is the exit code. */
export async function workflow(request: WorkflowRequest): Promise<number> {
  const { action, file } = request;
  if (action === 'new') return newWorkflow(file, request.package);
  if (action === 'check') return checkWorkflow(file);
  if (action === 'run') return runOnce(request);
  if (action === 'deploy') return deployWorkflow(file);
  const hint = didYouMean(action, ACTIONS);
  throw new KnownError('bad_usage', `"${action}" is not one of ${ACTIONS.join(', ')}.${hint}`);
}
