import * as z from 'zod';

/*
 * The structure of a dashboard's body as CloudWatch documents it ("Dashboard Body Structure and Syntax"). Unknown properties are refused
 * here, so that a typing error is found before CloudWatch ignores it.
 */

const color = z.string().regex(/^#[0-9a-f]{6}$/);
const period = z.literal([1, 5, 10, 30]).or(z.number().int().min(60).multipleOf(60));
const stat = z.string().regex(/^(SampleCount|Average|Sum|Minimum|Maximum|p(\d{1,2}(\.\d{1,10})?|100))$/);
const id = z.string().regex(/^[a-z][A-Za-z0-9_]*$/);
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/);
const title = z.string();

const rendering = {
  color: color.optional(),
  id: id.optional(),
  label: z.string().optional(),
  period: period.optional(),
  visible: z.boolean().optional(),
  yAxis: z.enum(['left', 'right']).optional(),
};
const metricOptions = z.strictObject({ ...rendering, stat: stat.optional() });
const expression = z.tuple([z.strictObject({ ...rendering, expression: z.string().min(1).max(1024) })]);

/** Namespace, name, pairs of a dimension's name and value, and options. */
const metric = z.array(z.union([z.string().min(1).max(255), metricOptions])).min(2).refine((entries) => {
  const names = entries.filter((entry) => typeof entry === 'string').length;
  return names % 2 === 0 && entries.length - names <= 1 && entries.slice(0, names).every((entry) => typeof entry === 'string');
}, 'a metric is a namespace, a name, pairs for its dimensions and at most one object of options, at the end');

const axis = z.strictObject({
  min: z.number().optional(),
  max: z.number().optional(),
  label: z.string().optional(),
  showUnits: z.boolean().optional(),
});

const metricProperties = z.strictObject({
  title,
  region,
  metrics: z.array(expression.or(metric)).min(1).max(100),
  view: z.enum(['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table']),
  stacked: z.boolean().optional(),
  stat: stat.optional(),
  period: period.optional(),
  setPeriodToTimeRange: z.boolean().optional(),
  yAxis: z.strictObject({ left: axis.optional(), right: axis.optional() }).optional(),
  annotations: z.strictObject({
    horizontal: z.array(z.strictObject({
      value: z.number(), label: z.string().optional(), color: color.optional(), yAxis: z.enum(['left', 'right']).optional(),
    })),
  }).optional(),
});

const logProperties = z.strictObject({
  title,
  region,
  view: z.enum(['table', 'timeSeries', 'bar', 'pie']),
  query: z.string().regex(/^SOURCE '[^']+'( \| SOURCE '[^']+')*\s*\| /),
});

const alarmProperties = z.strictObject({
  title,
  alarms: z.array(z.string().regex(/^arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.{1,255}$/)).min(1).max(100),
});

const place = {
  x: z.number().int().min(0).max(23),
  y: z.number().int().min(0),
  width: z.number().int().min(1).max(24),
  height: z.number().int().min(1).max(1000),
};

const widget = z.discriminatedUnion('type', [
  z.strictObject({ ...place, type: z.literal('metric'), properties: metricProperties }),
  z.strictObject({ ...place, type: z.literal('log'), properties: logProperties }),
  z.strictObject({ ...place, type: z.literal('alarm'), properties: alarmProperties }),
]).refine(({ x, width }) => x + width <= 24, 'the grid has 24 columns');

export const dashboardBody = z.strictObject({
  start: z.string().regex(/^-P(T?\d+[HDWM])+$/).optional(),
  periodOverride: z.enum(['auto', 'inherit']).optional(),
  widgets: z.array(widget).max(500),
}).refine(({ widgets }) => widgets.every((a, index) => widgets.slice(index + 1).every((b) => !overlap(a, b))), 'widgets overlap')
  .refine(({ widgets }) => widgets.every(hasUniqueIds), 'two metrics of a widget have the same id');

export type Widget = z.infer<typeof widget>;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function hasUniqueIds(each: Widget): boolean {
  if (each.type !== 'metric') return true;
  const ids = (each.properties.metrics as Array<Array<string | { id?: string }>>)
    .map((entries) => entries[entries.length - 1])
    .flatMap((options) => (typeof options === 'string' || options.id === undefined ? [] : [options.id]));
  return new Set(ids).size === ids.length;
}
