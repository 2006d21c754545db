import type { Workflow } from '../flow/workflow.ts';
import caliban from './caliban.ts';
import image from './image.ts';
import mesmer from './mesmer.ts';
import polaris from './polaris.ts';
import segmentation from './segmentation.ts';
import spot from './spot.ts';
import zip from './zip.ts';

/** The built-in workflows: what CONSUMER_TYPE may name. */
export const WORKFLOWS: readonly Workflow[] = [
  image,
  segmentation,
  mesmer,
  spot,
  zip,
  caliban,
  polaris,
];
