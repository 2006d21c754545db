/** What can be done with dead letters. */
export const ACTIONS = ['list', 'inspect', 'redrive', 'drop'] as const;
