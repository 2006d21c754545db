/** The environment of a process that a test starts: what the test gives, and where programs are. Nothing else of the machine. */
export function processEnvironment(given: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], ...given };
}
