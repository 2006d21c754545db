import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from '../../harness/processes/process-environment.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

export type Environment = Readonly<Record<string, string>>;

interface Pod {
  readonly process: ChildProcess;
  readonly environment: Environment;
  said: string;
  /** Resolves once it has said so. */
  takesJobs: Promise<void>;
}

/** The end of what a pod has said. */
const KEPT = 20_000;

/** Consumer processes by host name. */
export class Pods {
  readonly #pods = new Map<string, Pod>();
  readonly #environment: Environment;
  #named = 0;
  /** What pods said that ended. */
  #buried = '';

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  get names(): readonly string[] {
    return [...this.#pods.keys()];
  }

  /** The end of what all of them have said. */
  get log(): string {
    return this.#buried + [...this.#pods.values()].map(({ said }) => said).join('\n');
  }

  /** Starts a pod and waits until it takes jobs. */
  async start(environment: Environment): Promise<void> {
    await this.#spawn(`pod-${++this.#named}`, environment).takesJobs;
  }

  /** Resolves once all of them take jobs, those too that have taken the place of others. */
  async ready(): Promise<void> {
    await Promise.all([...this.#pods.values()].map(({ takesJobs }) => takesJobs));
  }

  /** Ends a pod; one of the same name, or of a new one, takes its place. Its exit code. */
  async replace(
    name: string,
    signal: 'SIGKILL' | 'SIGTERM',
    comesBack: boolean,
  ): Promise<number | null> {
    const pod = this.#pods.get(name);
    if (pod === undefined) throw new Error(`There is no ${name}.`);
    // Before Node has come to our first line, SIGTERM ends it as it ends any program.
    if (signal === 'SIGTERM') await says(pod, '"msg"');
    await end(pod, signal);
    this.#buried = (this.#buried + pod.said).slice(-KEPT);
    // One that comes back keeps its place among the names.
    if (!comesBack) this.#pods.delete(name);
    this.#spawn(comesBack ? name : `pod-${++this.#named}`, pod.environment);
    return pod.process.exitCode;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pods.values()].map((pod) => end(pod, 'SIGTERM')));
  }

  #spawn(name: string, environment: Environment): Pod {
    const consumer = spawn(process.execPath, [MAIN], {
      env: processEnvironment({ ...this.#environment, ...environment, HOSTNAME: name }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pod: Pod = { process: consumer, environment, said: '', takesJobs: Promise.resolve() };
    const add = (chunk: Buffer): void => {
      pod.said = (pod.said + chunk.toString()).slice(-KEPT);
    };
    consumer.stdout.on('data', add);
    consumer.stderr.on('data', add);
    pod.takesJobs = says(pod, 'Taking jobs from');
    this.#pods.set(name, pod);
    return pod;
  }
}

async function says(pod: Pod, words: string): Promise<void> {
  while (!pod.said.includes(words)) await once(pod.process.stdout ?? pod.process, 'data');
}

async function end({ process: consumer }: Pod, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (consumer.exitCode !== null || consumer.signalCode !== null) return;
  const exited = once(consumer, 'exit');
  consumer.kill(signal);
  await exited;
}
