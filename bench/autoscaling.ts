import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measuredCoreSeconds } from './autoscaling/measured-capacity.ts';
import { costOf } from './autoscaling/prices.ts';
import { type Outcome, type Scenario, simulate } from './autoscaling/simulate.ts';

interface Row {
  readonly name: string;
  readonly images: number;
  readonly hours: number;
  readonly consumers: number;
  readonly coreHours: number;
  readonly dollars: number;
  readonly dollarsWithoutZones: number;
}

/** What was published for a million images with the Python consumers. */
const PUBLISHED: Row = {
  name: 'published, Python, 4 to 8 GPUs',
  images: 1e6,
  hours: 5.5,
  consumers: 1200,
  coreHours: 1975 * 1.9,
  dollars: 250,
  dollarsWithoutZones: 85,
};

const HOUR = 3600;
/** A V100 with the published model: 6.3 images a second, from 50.5 with eight. */
const USUAL = {
  gpus: 8,
  imagesPerGpu: 6.3,
  consumerStartSeconds: 60,
  gpuStartSeconds: 300,
};

/**
 * Simulates 10⁵ and 10⁶ images that arrive at once and steadily, with the scaling rules as they are shipped, beside the
 * published run. `--core-seconds S` is the processor time of a consumer for an image of a megapixel; as last measured if absent.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      'core-seconds': { type: 'string' },
      course: { type: 'boolean', default: false },
    },
  });
  const given = values['core-seconds'];
  const coreSeconds = given === undefined ? await measuredCoreSeconds() : Number(given);
  const scenarios: Readonly<Record<string, Scenario>> = {
    '10⁵ at once': { ...USUAL, images: 1e5, arrivalSeconds: 0, coreSeconds },
    '10⁵ over an hour': { ...USUAL, images: 1e5, arrivalSeconds: HOUR, coreSeconds },
    '10⁶ at once': { ...USUAL, images: 1e6, arrivalSeconds: 0, coreSeconds },
    '10⁶ over six hours': { ...USUAL, images: 1e6, arrivalSeconds: 6 * HOUR, coreSeconds },
    '10⁵, models away for ten minutes': {
      ...USUAL,
      images: 1e5,
      arrivalSeconds: 0,
      coreSeconds,
      outage: [900, 1500],
    },
  };
  show(['', 'images', 'hours', 'consumers', 'core hours', '$', '$ in one zone']);
  const rows = Object.entries(scenarios).map(([name, scenario]) => {
    const outcome = simulate(scenario);
    const row = rowOf(name, scenario, outcome);
    showRow(row);
    if (values.course) showCourse(outcome);
    if (outcome.removedInOutage > 0) {
      console.log(`  consumers removed during the outage: ${outcome.removedInOutage}`);
    }
    return row;
  });
  showRow(PUBLISHED);
  if (values.json !== undefined) {
    await writeFile(values.json, JSON.stringify([...rows, PUBLISHED], null, 2));
  }
}

function rowOf(name: string, { images }: Scenario, outcome: Outcome): Row {
  const { seconds, mostConsumers, coreHours, gpuHours } = outcome;
  const cost = costOf({ images, coreHours, gpuHours });
  const dollars = Object.values(cost).reduce((sum, part) => sum + part, 0);
  return {
    name,
    images,
    hours: seconds / HOUR,
    consumers: mostConsumers,
    coreHours,
    dollars,
    dollarsWithoutZones: dollars - (cost['zones'] ?? 0),
  };
}

function showRow(row: Row): void {
  const { name, images, hours, consumers, coreHours, dollars, dollarsWithoutZones } = row;
  show([
    name,
    images.toExponential(0),
    hours.toFixed(2),
    `${consumers}`,
    coreHours.toFixed(0),
    dollars.toFixed(0),
    dollarsWithoutZones.toFixed(0),
  ]);
}

function showCourse({ course }: Outcome): void {
  for (const { second, waiting, held, consumers, gpus } of course) {
    console.log(
      `  ${second / 60} min: ${Math.round(waiting)} wait, ${Math.round(held)} held, ${consumers} consumers, ${gpus} GPUs`,
    );
  }
}

function show([name = '', ...columns]: readonly string[]): void {
  console.log(name.padEnd(36) + columns.map((column) => column.padStart(14)).join(''));
}
