/** An alert in words, and in the form that a webhook asks for. */
export interface AlertMessage {
  /** The same for each try to deliver it: receivers may tell repetitions by it. */
  readonly uid: string;
  readonly component: string;
  readonly severity: string;
  readonly reason: string;
  readonly message: string;
  readonly clusterUid: string;
  readonly clusterName: string;
  readonly projectUid: string;
  readonly projectName: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

const FIELDS = [
  'uid',
  'component',
  'severity',
  'reason',
  'message',
  'clusterUid',
  'clusterName',
  'projectUid',
  'projectName',
  'time',
] as const satisfies readonly (keyof AlertMessage)[];

export function subjectOf({ severity, clusterName, reason, component }: AlertMessage): string {
  const what = clusterName === '' ? component : `cluster ${clusterName}`;
  return oneLine(`[${severity}] ${what}: ${reason}`).slice(0, 200);
}

export function textOf(alert: AlertMessage): string {
  const lines = [
    alert.message,
    '',
    ...(alert.clusterName === '' ? [] : [`Cluster:  ${alert.clusterName} (${alert.clusterUid})`]),
    `Project:  ${alert.projectName}`,
    `Alert:    ${alert.component}, ${alert.reason}, ${alert.severity}`,
    `Time:     ${alert.time}`,
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * The body of a webhook: `{{message}}` and the other fields of the alert, in double braces with or without a dot before
 * the name, give way to their values. Where the body is JSON, the values are written so that it stays JSON. A body
 * without such places is sent as it is; an empty one means the whole alert as JSON.
 */
export function bodyOf(template: string, alert: AlertMessage): string {
  if (template.trim() === '') return JSON.stringify(alert);
  const isJson = parsesAsJson(template);
  return template.replaceAll(/\{\{\s*\.?([A-Za-z]+)\s*\}\}/g, (whole, name: string) => {
    const field = FIELDS.find((known) => known === name);
    if (field === undefined) return whole;
    return isJson ? JSON.stringify(alert[field]).slice(1, -1) : alert[field];
  });
}

export function parsesAsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\t]+/g, ' ');
}
