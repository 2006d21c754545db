/*
 *   npm run chaos -- [options]                  jobs at a steady rate: see steady-load.ts
 *   npm run chaos -- --parents zip [options]    jobs made of jobs, and one kill each: see parents/run.ts
 */
await import(process.argv.includes('--parents') ? './parents/run.ts' : './steady-load.ts');
