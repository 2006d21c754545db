/** An option that is there or not. */
export function flag(summary: string) {
  return { type: 'boolean', default: false, summary } as const;
}
