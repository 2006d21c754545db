import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { stringify } from 'yaml';
import { BUSY_TARGET, JOBS_IN_FLIGHT, PACE, REPLICAS, loadExpression } from './scaling.ts';

/** The consumers of one queue, as the Kiosk runs them. */
export const QUEUE = 'segmentation';
const NAME = `${QUEUE}-consumer`;
const NAMESPACE = 'deepcell';
const PORT = 8080;
const HEALTH_PORT = 8081;
const SHUTDOWN_GRACE = 25;
const LABELS = { app: NAME };
const PROMETHEUS = 'http://kube-prometheus-stack-prometheus.monitoring:9090';

interface Manifest {
  validate(): void;
  toJSON(): unknown;
}

const metadata = { name: NAME, namespace: NAMESPACE, labels: LABELS };

const probe = (path: string, seconds: number, failureThreshold: number) => ({
  httpGet: { path, port: HEALTH_PORT },
  periodSeconds: seconds,
  timeoutSeconds: 5,
  failureThreshold,
});

const environment: Readonly<Record<string, string>> = {
  CONSUMER_TYPE: QUEUE,
  QUEUE,
  REDIS_HOST: 'redis',
  REDIS_PORT: '26379',
  TF_HOST: 'tf-serving',
  TF_PORT: '8500',
  TF_MAX_BATCH_SIZE: '32',
  JOBS_IN_FLIGHT: `${JOBS_IN_FLIGHT}`,
  SHUTDOWN_GRACE: `${SHUTDOWN_GRACE}`,
  HEALTH_PORT: `${HEALTH_PORT}`,
  LOG_FORMAT: 'json',
};

const deployment = new Deployment({
  metadata,
  spec: {
    // Left out: replicas, which belong to the autoscaler.
    selector: { matchLabels: LABELS },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
    template: {
      metadata: { labels: LABELS },
      spec: {
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: SHUTDOWN_GRACE + 5,
        nodeSelector: { consumer: 'yes' },
        tolerations: [{ key: 'consumer', operator: 'Exists', effect: 'NoSchedule' }],
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'redis-consumer',
            image: 'kiosk-redis-consumer:1.0.0',
            ports: [
              { name: 'http', containerPort: PORT },
              { name: 'health', containerPort: HEALTH_PORT },
            ],
            env: [
              // The janitor finds the pod by the name of its processing list.
              { name: 'HOSTNAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              {
                name: 'STORAGE_BUCKET',
                valueFrom: { secretKeyRef: { name: 'storage', key: 'bucket' } },
              },
              ...Object.entries(environment).map(([name, value]) => ({ name, value })),
            ],
            startupProbe: probe('/startup', 5, 60),
            livenessProbe: probe('/live', 15, 4),
            readinessProbe: probe('/ready', 10, 2),
            resources: {
              requests: { cpu: '1', memory: '1Gi' },
              limits: { memory: '2Gi' },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      },
    },
  },
});

const disruptionBudget = new PodDisruptionBudget({
  metadata,
  spec: { maxUnavailable: '25%', selector: { matchLabels: LABELS } },
});

const dns = {
  ports: [
    { port: 53, protocol: 'UDP' as const },
    { port: 53, protocol: 'TCP' as const },
  ],
};
const toPods = (app: string, ...ports: number[]) => ({
  to: [{ podSelector: { matchLabels: { app } } }],
  ports: ports.map((port) => ({ port, protocol: 'TCP' as const })),
});

const networkPolicy = new NetworkPolicy({
  metadata,
  spec: {
    podSelector: { matchLabels: LABELS },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      {
        ports: [
          { port: PORT, protocol: 'TCP' },
          { port: HEALTH_PORT, protocol: 'TCP' },
        ],
      },
    ],
    egress: [
      dns,
      toPods('redis', 6379, 26_379),
      toPods('tf-serving', 8500),
      // The bucket, and the metadata server that gives credentials for it.
      {
        ports: [
          { port: 443, protocol: 'TCP' },
          { port: 80, protocol: 'TCP' },
        ],
      },
    ],
  },
});

const podMonitor = new PodMonitor({
  metadata: { ...metadata, labels: { ...LABELS, release: 'kube-prometheus-stack' } },
  spec: {
    selector: { matchLabels: LABELS },
    podMetricsEndpoints: [{ port: 'http', path: '/metrics', interval: '15s' }],
  },
});

const behavior = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      {
        type: 'Percent',
        value: (PACE.growthFactor - 1) * 100,
        periodSeconds: PACE.growthPeriodSeconds,
      },
      { type: 'Pods', value: PACE.growthPods, periodSeconds: PACE.growthPeriodSeconds },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: PACE.shrinkAfterSeconds,
    policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
  },
};

const scaledObject = new ScaledObject({
  metadata,
  spec: {
    scaleTargetRef: { name: NAME },
    minReplicaCount: REPLICAS.least,
    maxReplicaCount: REPLICAS.most,
    pollingInterval: PACE.pollSeconds,
    cooldownPeriod: PACE.cooldownSeconds,
    advanced: { horizontalPodAutoscalerConfig: { behavior } },
    triggers: [
      {
        // 0 → 1: wakes up as soon as something waits. The long list length keeps it from deciding more than that.
        type: 'redis-sentinel',
        metadata: {
          addresses: 'redis.deepcell:26379',
          sentinelMaster: 'mymaster',
          listName: QUEUE,
          listLength: '1000000',
          activationListLength: '0',
        },
      },
      {
        type: 'prometheus',
        metadata: {
          serverAddress: PROMETHEUS,
          query: loadExpression(QUEUE),
          threshold: `${BUSY_TARGET}`,
          activationThreshold: '0',
        },
      },
    ],
  },
});

const autoscaler = new HorizontalPodAutoscaler({
  metadata,
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: NAME },
    minReplicas: 1,
    maxReplicas: REPLICAS.most,
    behavior,
    metrics: [
      {
        type: 'External',
        external: {
          metric: { name: 'kiosk_load', selector: { matchLabels: { queue: QUEUE } } },
          target: { type: 'AverageValue', averageValue: `${BUSY_TARGET * 1000}m` },
        },
      },
    ],
  },
});

/** The files of deploy/kubernetes, by name. */
export const MANIFESTS: Readonly<Record<string, readonly Manifest[]>> = {
  'deployment.yaml': [deployment, disruptionBudget, networkPolicy],
  'pod-monitor.yaml': [podMonitor],
  'keda.yaml': [scaledObject],
  'hpa.yaml': [autoscaler],
};

/**
 * What a file of manifests holds, written so that YAML 1.1 reads it the same: to kubectl and Helm a bare `yes` is true.
 * Throws if the schema of Kubernetes does not allow it. */
export function manifestYaml(file: string): string {
  const manifests = MANIFESTS[file] ?? [];
  for (const manifest of manifests) manifest.validate();
  return manifests
    .map((manifest) => stringify(manifest.toJSON(), { lineWidth: 0, version: '1.1' }))
    .join('---\n');
}
