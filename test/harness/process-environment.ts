/**
 * The environment of a process that a test starts: what the test gives, where programs are, and where Node keeps compiled modules.
 * Nothing else of the machine reaches the process.
 */
export function processEnvironment(given: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }), ...given };
}
