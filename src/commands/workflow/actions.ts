/** What can be done with a workflow of one's own. */
export const ACTIONS = ['new', 'check', 'run', 'deploy'] as const;
