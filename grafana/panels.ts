import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { METRICS } from '../src/telemetry/catalogue.ts';

/** What a panel shows, in the words of an operator. */
export interface PanelPlan {
  readonly kind: 'chart' | 'number';
  readonly title: string;
  readonly description: string;
  /** As Grafana names units: `s`, `bytes`, `percentunit`, `short`. */
  readonly unit: string;
  /** Legend and expression. */
  readonly queries: Readonly<Record<string, string>>;
  /** Values from which the panel turns yellow and red. */
  readonly alarming?: readonly [yellow: number, red: number];
  /** Columns out of 24. */
  readonly span: number;
}

export interface RowPlan {
  /** The question that the row answers. */
  readonly title: string;
  readonly panels: readonly PanelPlan[];
}

export interface DashboardPlan {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly RowPlan[];
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** The dashboard as Grafana imports it. */
export function dashboardJson({ uid, title, description, rows }: DashboardPlan): string {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['kiosk'])
    .refresh('10s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .withVariable(
      new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'),
    )
    .withVariable(choice('queue', `label_values(${METRICS.jobsCapacity.name}, queue)`))
    .withVariable(
      choice('instance', `label_values(${METRICS.jobsCapacity.name}{queue=~"$queue"}, instance)`),
    );
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panelOf(panel));
  }
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}

/** A variable whose values are those of a label; at first all of them. */
function choice(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(name)
    .datasource(DATASOURCE)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all' });
}

function panelOf(plan: PanelPlan): Builder<Panel> {
  const { kind, title, description, unit, queries, alarming, span } = plan;
  const builder = kind === 'chart' ? new TimeseriesBuilder().min(0) : newNumber();
  builder.title(title).description(description).unit(unit).datasource(DATASOURCE);
  builder.span(span).height(kind === 'chart' ? 8 : 4);
  if (alarming) builder.thresholds(thresholdsAt(alarming));
  for (const [legend, expression] of Object.entries(queries)) {
    const query = new DataqueryBuilder().expr(expression).legendFormat(legend);
    builder.withTarget(kind === 'number' ? query.instant() : query.range());
  }
  return builder;
}

/** The latest value. */
function newNumber(): StatBuilder {
  return new StatBuilder().reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

function thresholdsAt([yellow, red]: readonly [number, number]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: 'green' },
    { value: yellow, color: 'yellow' },
    { value: red, color: 'red' },
  ]);
}
