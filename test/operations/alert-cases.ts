/** Series by the minute, in promtool's notation, with which an alert must fire at the given moment. */
export interface AlertCase {
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
}

const LABELS = 'queue="segmentation",instance="pod-1"';
const ZIP_LABELS = 'queue="segmentation-zip",instance="pod-2"';

/** What makes each alert fire. */
export const FIRING: Readonly<Record<string, AlertCase>> = {
  KioskConsumersGone: {
    series: {
      // The last consumer went while seven jobs waited and two were in flight.
      [`kiosk_queue_depth{${LABELS}}`]: '7x5 stale',
      [`kiosk_jobs_inflight{${LABELS}}`]: '2x5 stale',
    },
    at: '12m',
  },
  KioskConsumerRestarts: {
    series: { [`process_start_time_seconds{${LABELS}}`]: '100x5 400x5 700x5 1000x5' },
    at: '19m',
  },
  KioskConsumerUnreachable: {
    series: {
      'up{job="kiosk",instance="pod-1"}': '1x5 0x10',
      'kiosk_jobs_capacity{job="kiosk",instance="pod-1",queue="segmentation"}': '32x5 stale',
    },
    at: '12m',
  },
  KioskIntakeStalled: {
    series: {
      [`kiosk_intake_last_turn_timestamp_seconds{${LABELS}}`]: '0x10',
      [`kiosk_queue_depth{${LABELS}}`]: '5x10',
      [`kiosk_intake_paused{${LABELS}}`]: '0x10',
    },
    at: '4m',
  },
  KioskModelServersDown: {
    series: {
      [`kiosk_predict_breaker_open{${LABELS}}`]: '1x20',
      [`kiosk_queue_depth{${LABELS}}`]: '5x20',
    },
    at: '6m',
  },
  KioskBreakerOpen: {
    // It is half open whenever a job tries.
    series: { [`kiosk_breaker_state{${LABELS},remote="bucket_write"}`]: '2 1 2 1 2 1x30' },
    at: '13m',
  },
  KioskDeadLetters: { series: { [`kiosk_dead_letters{${LABELS}}`]: '0 0 1x20' }, at: '4m' },
  KioskIntakePaused: { series: { [`kiosk_intake_paused{${LABELS}}`]: '1x30' }, at: '16m' },
  KioskFailureRatioHigh: {
    series: {
      [`kiosk_jobs_total{${LABELS},outcome="failed",code="corrupt_image"}`]: '0+3x40',
      [`kiosk_jobs_total{${LABELS},outcome="done",code=""}`]: '0+6x40',
    },
    at: '30m',
  },
  KioskInternalErrors: {
    series: {
      [`kiosk_jobs_total{${LABELS},outcome="failed",code="internal"}`]: '0 0 0 1x10',
    },
    at: '5m',
  },
  KioskJobsWaitTooLong: {
    series: {
      [`kiosk_job_queue_wait_seconds_bucket{${LABELS},le="300"}`]: '0+5x90',
      [`kiosk_job_queue_wait_seconds_count{${LABELS}}`]: '0+10x90',
    },
    at: '75m',
  },
  KioskParentStandsStill: {
    series: { [`kiosk_parent_still_seconds{${ZIP_LABELS}}`]: '0+60x40' },
    at: '33m',
  },
  KioskSaturated: {
    series: {
      [`kiosk_saturation_ratio{${LABELS}}`]: '1x60',
      [`kiosk_queue_depth{${LABELS}}`]: '500x60',
    },
    at: '35m',
  },
  KioskStrandedJobs: {
    series: { [`kiosk_jobs_recovered_total{${LABELS},by="reconcile"}`]: '0 0 2x10' },
    at: '5m',
  },
  KioskRedisFailing: {
    series: { [`kiosk_intake_errors_total{${LABELS},code="redis_unreachable"}`]: '0+20x20' },
    at: '10m',
  },
  KioskNearMemoryBudget: {
    series: {
      // Of each minute jobs wait for 40 seconds.
      [`kiosk_memory_blocked_seconds_total{${LABELS}}`]: '0+40x40',
      [`kiosk_kernels_waiting{${LABELS},job="kiosk"}`]: '0 2 0 0 1 0x36',
      [`kiosk_predict_full_seconds_total{${LABELS}}`]: '0+5x40',
    },
    at: '30m',
  },
  KioskKernelsFailing: {
    series: {
      [`kiosk_kernel_errors_total{${LABELS},kernel="deepWatershed",code="internal"}`]: '0 0 1x10',
    },
    at: '5m',
  },
  KioskEventLoopLate: {
    series: { [`nodejs_eventloop_lag_p99_seconds{${LABELS}}`]: '0.6x20' },
    at: '12m',
  },
  KioskTooManySeries: {
    series: {
      'scrape_samples_scraped{job="kiosk",instance="pod-1"}': '9000x30',
      'kiosk_jobs_capacity{job="kiosk",instance="pod-1",queue="segmentation"}': '32x30',
    },
    at: '20m',
  },
};

/** A consumer with work and nothing wrong, for ten minutes. */
export const HEALTHY: AlertCase = {
  series: {
    [`kiosk_intake_last_turn_timestamp_seconds{${LABELS}}`]: '0+60x20',
    [`kiosk_queue_depth{${LABELS}}`]: '20x20',
    [`kiosk_intake_paused{${LABELS}}`]: '0x20',
    [`kiosk_predict_breaker_open{${LABELS}}`]: '0x20',
    // Two short outages.
    [`kiosk_breaker_state{${LABELS},remote="bucket_write"}`]: '0 0 2 1 0 0 0 2 2 0x20',
    [`kiosk_jobs_total{${LABELS},outcome="done",code=""}`]: '0+100x20',
    [`kiosk_jobs_total{${LABELS},outcome="failed",code="corrupt_image"}`]: '0+2x20',
    [`kiosk_jobs_total{${LABELS},outcome="failed",code="internal"}`]: '0x20',
    [`kiosk_job_queue_wait_seconds_bucket{${LABELS},le="300"}`]: '0+102x20',
    [`kiosk_job_queue_wait_seconds_count{${LABELS}}`]: '0+102x20',
    [`kiosk_saturation_ratio{${LABELS}}`]: '0.7x20',
    [`kiosk_dead_letters{${LABELS}}`]: '0x20',
    [`kiosk_jobs_recovered_total{${LABELS},by="reconcile"}`]: '0x20',
    [`kiosk_jobs_recovered_total{${LABELS},by="start"}`]: '3x20',
    [`kiosk_intake_errors_total{${LABELS},code="redis_unreachable"}`]: '0x20',
    [`kiosk_redis_write_errors_total{${LABELS},code="redis_unreachable"}`]: '0x20',
    // The cores of one have enough to do, the model servers of the other: memory fills up behind them.
    [`kiosk_memory_blocked_seconds_total{${LABELS}}`]: '0+55x20',
    [`kiosk_kernels_waiting{${LABELS},job="kiosk"}`]: '3 4 2 5x17',
    [`kiosk_memory_blocked_seconds_total{${ZIP_LABELS}}`]: '0+55x20',
    [`kiosk_predict_full_seconds_total{${ZIP_LABELS}}`]: '0+50x20',
    [`kiosk_kernel_errors_total{${LABELS},kernel="deepWatershed",code="internal"}`]: '0x20',
    [`nodejs_eventloop_lag_p99_seconds{${LABELS}}`]: '0.02x20',
    [`kiosk_jobs_capacity{${LABELS}}`]: '32x20',
    'scrape_samples_scraped{job="kiosk",instance="pod-1"}': '900x20',
    // The consumers of another queue were scaled to 0 once it was empty; a new one of this queue was rolled out.
    'kiosk_queue_depth{queue="mesmer",instance="pod-3"}': '9 4 0 stale',
    'kiosk_jobs_inflight{queue="mesmer",instance="pod-3"}': '3 2 0 stale',
    [`kiosk_jobs_inflight{${LABELS}}`]: '9x20',
    [`process_start_time_seconds{${LABELS}}`]: '100x4 400x16',
    'up{job="kiosk",instance="pod-1"}': '1x20',
    'up{job="node-exporter",instance="host"}': '0x20',
    // A large archive that waits for long, and whose children end one after the other.
    [`kiosk_parent_oldest_seconds{${ZIP_LABELS}}`]: '7200+60x20',
    [`kiosk_parent_still_seconds{${ZIP_LABELS}}`]: '5 20 3 400 1200 10 15x20',
  },
  at: '10m',
};
