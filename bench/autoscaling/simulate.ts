import { JOBS_IN_FLIGHT, PACE, REPLICAS, wantedConsumers } from '../../deploy/scaling.ts';

export interface Scenario {
  readonly images: number;
  /** Seconds over which they arrive; 0: all at once. */
  readonly arrivalSeconds: number;
  readonly gpus: number;
  /** Images a second that a GPU computes. */
  readonly imagesPerGpu: number;
  /** Processor time of a consumer for an image, in seconds of a core. */
  readonly coreSeconds: number;
  /** Time from the wish for a consumer, or a GPU, until it works. */
  readonly consumerStartSeconds: number;
  readonly gpuStartSeconds: number;
  /** Seconds from and to which the model servers are away. */
  readonly outage?: readonly [from: number, to: number];
}

export interface Moment {
  readonly second: number;
  readonly waiting: number;
  readonly held: number;
  readonly consumers: number;
  readonly gpus: number;
}

export interface Outcome {
  readonly seconds: number;
  readonly done: number;
  readonly mostConsumers: number;
  readonly coreHours: number;
  readonly gpuHours: number;
  /** One moment a minute. */
  readonly course: readonly Moment[];
  /** Consumers removed while they held jobs that could not be finished. */
  readonly removedInOutage: number;
}

const DAY = 86_400;
/** The GPU autoscaler adds one GPU at a time, a minute apart. */
const GPU_STEP_SECONDS = 60;

/**
 * Runs a queue, consumers and GPUs second by second, as deterministic fluids: a second's work is what arrives, what the
 * consumers' cores can do, and what the GPUs can do, whichever is least. Consumers follow the rules that are shipped.
 */
export function simulate(scenario: Scenario): Outcome {
  const { images, gpus, imagesPerGpu, coreSeconds } = scenario;
  const pods = new Pods(scenario.consumerStartSeconds);
  let [arrived, done, second, gpuSeconds, podSeconds, removedInOutage] = [0, 0, 0, 0, 0, 0];
  const course: Moment[] = [];
  for (; done < images - 1e-6 && second < 10 * DAY; second++) {
    arrived = arrivedBy(second, scenario);
    const isAway = scenario.outage && second >= scenario.outage[0] && second < scenario.outage[1];
    const ready = gpusAt(second, scenario);
    const held = Math.min(arrived - done, pods.ready * JOBS_IN_FLIGHT);
    const rate = Math.min(isAway ? 0 : ready * imagesPerGpu, pods.ready / coreSeconds, held);
    done = Math.min(images, done + rate);
    podSeconds += pods.count;
    gpuSeconds += Math.min(gpus, ready);
    if (second % PACE.pollSeconds === 0) {
      const load = {
        busyThreads: rate * coreSeconds,
        heldJobs: held,
        waitingJobs: arrived - done - held,
      };
      const removed = pods.follow(wantedConsumers(load), second);
      if (isAway) removedInOutage += removed;
    }
    pods.tick(second);
    if (second % 60 === 0) {
      course.push({
        second,
        waiting: arrived - done - held,
        held,
        consumers: pods.count,
        gpus: ready,
      });
    }
  }
  return {
    seconds: second,
    done,
    mostConsumers: pods.most,
    coreHours: podSeconds / 3600,
    gpuHours: gpuSeconds / 3600,
    course,
    removedInOutage,
  };
}

function arrivedBy(second: number, { images, arrivalSeconds }: Scenario): number {
  return arrivalSeconds === 0 ? images : Math.min(images, (images * (second + 1)) / arrivalSeconds);
}

function gpusAt(second: number, { gpus, gpuStartSeconds }: Scenario): number {
  if (second < gpuStartSeconds) return 0;
  return Math.min(gpus, 1 + Math.floor((second - gpuStartSeconds) / GPU_STEP_SECONDS));
}

/** The consumers: how many there are, and how many of them work already. */
class Pods {
  readonly #startSeconds: number;
  #starting: number[] = [];
  #recentWishes: { readonly second: number; readonly wanted: number }[] = [];
  #grownAt = -Infinity;
  ready = 0;
  most = 0;

  constructor(startSeconds: number) {
    this.#startSeconds = startSeconds;
  }

  get count(): number {
    return this.ready + this.#starting.length;
  }

  /** Grows at most as fast as the policy allows; shrinks to the greatest wish of the last minutes. Tells how many were removed. */
  follow(wanted: number, second: number): number {
    this.#recentWishes.push({ second, wanted });
    this.#recentWishes = this.#recentWishes.filter(
      (wish) => wish.second > second - PACE.shrinkAfterSeconds,
    );
    const floor = Math.max(...this.#recentWishes.map((wish) => wish.wanted));
    if (wanted > this.count && second - this.#grownAt >= PACE.growthPeriodSeconds) {
      const limit = Math.max(this.count * PACE.growthFactor, this.count + PACE.growthPods);
      const added = Math.min(wanted, limit, REPLICAS.most) - this.count;
      for (let pod = 0; pod < added; pod++) this.#starting.push(second + this.#startSeconds);
      this.#grownAt = second;
    } else if (floor < this.count && this.#starting.length === 0) {
      const removed = this.count - Math.max(floor, Math.ceil(this.count / 2));
      this.ready -= removed;
      return removed;
    }
    return 0;
  }

  tick(second: number): void {
    const still = this.#starting.filter((at) => at > second);
    this.ready += this.#starting.length - still.length;
    this.#starting = still;
    this.most = Math.max(this.most, this.count);
  }
}
