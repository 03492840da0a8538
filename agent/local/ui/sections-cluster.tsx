/** Sections about the cluster. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { call, CLUSTER_PATH, type Schemas } from './api.ts';
import { useAction, useResource } from './hooks.ts';
import { Badge, EventList, Failure, objectName, Shown, Table, Title, When } from './parts.tsx';

export interface SectionProps {
  readonly user: Schemas['User'];
}

const CONDITION_TONES = { Ready: 'good', Pending: 'plain', Applying: 'plain', NotReady: 'warn', Error: 'bad' } as const;
const STATUS_TONES = { True: 'good', False: 'bad', Unknown: 'warn' } as const;

const STANDINGS = {
  starting: 'The agent is starting.',
  standby: 'Another replica of the agent works; this one stands by.',
  waiting: 'The agent waits for an import manifest; nothing is enforced.',
} as const;

export function Overview({ user }: SectionProps): JSX.Element {
  const cluster = useResource<Schemas['Cluster']>(CLUSTER_PATH);
  const details = useResource<Schemas['ClusterDetails']>(`${CLUSTER_PATH}/details`);
  const events = useResource<{ items: Schemas['Event'][] }>(`${CLUSTER_PATH}/events?limit=5`);
  const comparing = useAction();
  const [told, setTold] = useState('');
  return (
    <>
      <Title>Overview</Title>
      <Shown loaded={cluster}>
        {(value) => (
          <>
            {value.membership === 'member' ? null : <p class="notice warn">{STANDINGS[value.membership]}</p>}
            <dl class="cards">
              <Card name="State">
                <Badge tone={value.phase === 'failed' ? 'bad' : value.phase === 'applied' ? 'good' : 'plain'}>
                  {value.phase}
                </Badge>
              </Card>
              <Card name="Health">
                <Badge tone={value.healthy ? 'good' : 'warn'}>{value.healthy ? 'healthy' : 'not healthy'}</Badge>
              </Card>
              <Card name="Packs ready">{`${value.counts.packsReady} of ${value.counts.packs}`}</Card>
              <Card name="Nodes ready">{`${value.counts.nodesReady} of ${value.counts.nodes}`}</Card>
              <Card name="Objects">{String(value.counts.objects)}</Card>
              <Card name="Drifts remembered">{String(value.counts.drifts)}</Card>
            </dl>
            <div class="panel">
              <h2>Cluster</h2>
              <dl class="facts">
                <dt>Name</dt>
                <dd>{value.name ?? '–'}</dd>
                <dt>Identifier</dt>
                <dd class="mono">{value.uid ?? '–'}</dd>
                <dt>Desired state</dt>
                <dd>{value.revision === 0 ? 'none yet' : `revision ${value.revision}`}</dd>
                <dt>Issued</dt>
                <dd>{value.issuedAt === undefined ? '–' : <When at={value.issuedAt} />}</dd>
                <dt>Kubernetes</dt>
                <dd>{value.kubernetesVersion || '–'}</dd>
                <dt>Agent</dt>
                <dd>{value.agentVersion}</dd>
                <dt>Management plane</dt>
                <dd>
                  {value.plane.url ?? '–'}{' '}
                  <Badge tone={value.plane.reachable ? 'good' : 'warn'}>
                    {value.plane.reachable ? 'reachable' : 'not reachable'}
                  </Badge>{' '}
                  <Badge tone="plain">{value.plane.bus ? 'bus connected' : 'no bus'}</Badge>
                </dd>
              </dl>
              {user.role === 'admin' && value.membership === 'member' ? (
                <p>
                  <button
                    type="button"
                    disabled={comparing.busy}
                    onClick={() =>
                      comparing.run(async () => {
                        const { message } = await call<{ message: string }>('POST', `${CLUSTER_PATH}/resync`);
                        setTold(message);
                      })
                    }
                  >
                    Compare every object now
                  </button>{' '}
                  <span role="status">{told}</span>
                </p>
              ) : null}
              <Failure text={comparing.error} />
            </div>
          </>
        )}
      </Shown>
      <h2>Conditions</h2>
      <Shown loaded={details}>
        {({ conditions }) => (
          <Table
            caption="How the parts of the cluster are"
            head={['Condition', 'Status', 'Reason', 'Message', 'Since']}
            nothing="No conditions are known."
            rows={conditions.map(({ type, status, reason, message, lastTransitionAt }) => ({
              key: type,
              cells: [
                type,
                <Badge tone={STATUS_TONES[status]}>{status}</Badge>,
                reason,
                message,
                <When at={lastTransitionAt} />,
              ],
            }))}
          />
        )}
      </Shown>
      <h2>Newest events</h2>
      <Shown loaded={events}>{({ items }) => <EventList events={items} />}</Shown>
    </>
  );
}

function Card({ name, children }: { readonly name: string; readonly children: JSX.Element | string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Packs(): JSX.Element {
  const packs = useResource<{ items: Schemas['Application'][] }>(`${CLUSTER_PATH}/applications`);
  return (
    <>
      <Title>Packs</Title>
      <Shown loaded={packs}>
        {({ items }) => (
          <Table
            caption="Packs in the order in which they are applied"
            head={['Pack', 'Version', 'Condition', 'Profile', 'Objects', 'Message']}
            nothing="No packs are in force."
            rows={items.map((pack) => ({
              key: pack.name,
              cells: [
                pack.name,
                pack.version || '–',
                <Badge tone={CONDITION_TONES[pack.condition]}>{pack.condition}</Badge>,
                `${pack.profile.name} ${pack.profile.version}`,
                String(pack.objects),
                <PackMessage pack={pack} />,
              ],
            }))}
          />
        )}
      </Shown>
    </>
  );
}

function PackMessage({ pack: { message, problems } }: { readonly pack: Schemas['Application'] }): JSX.Element {
  if (problems.length === 0) return <>{message || '–'}</>;
  return (
    <details open>
      <summary>{message || `${problems.length} problems`}</summary>
      <ul>
        {problems.map((problem) => (
          <li key={`${objectName(problem.object)} ${problem.field ?? ''}`}>
            <strong>{objectName(problem.object)}</strong>
            {problem.field === undefined ? '' : ` ${problem.field}`}: {problem.message}
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Nodes(): JSX.Element {
  const nodes = useResource<{ items: Schemas['Node'][] }>('/v1/edge-mgmt/clusters/current/nodes');
  return (
    <>
      <Title>Nodes</Title>
      <Shown loaded={nodes}>
        {({ items }) => (
          <Table
            caption="Nodes of the cluster"
            head={['Node', 'Ready', 'Kubelet']}
            nothing="No nodes are known."
            rows={items.map(({ name, ready, kubeletVersion }) => ({
              key: name,
              cells: [
                name,
                <Badge tone={ready ? 'good' : 'bad'}>{ready ? 'ready' : 'not ready'}</Badge>,
                kubeletVersion || '–',
              ],
            }))}
          />
        )}
      </Shown>
    </>
  );
}

const ACTION_TONES = { healed: 'good', reported: 'warn', ignored: 'plain', failed: 'bad' } as const;

export function Drift(): JSX.Element {
  const drift = useResource<{ items: Schemas['Drift'][] }>(`${CLUSTER_PATH}/drift?limit=200`);
  return (
    <>
      <Title>Drift</Title>
      <p class="muted">
        Changes that came from elsewhere than the desired state, the newest first. Secret values are masked.
      </p>
      <Shown loaded={drift}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="muted">Nothing was changed from outside since the agent started.</p>
          ) : (
            <ul class="plain">
              {items.map((item) => (
                <li key={item.id} class="panel">
                  <h2>
                    {objectName(item.object)} <Badge tone={ACTION_TONES[item.action]}>{item.action}</Badge>
                  </h2>
                  <p>
                    {item.change === 'deleted' ? 'Deleted' : 'Changed'} by {item.manager ?? 'somebody unknown'}, layer{' '}
                    {item.layer}, <When at={item.at} />
                    {item.action === 'healed' ? `, brought back in ${item.tookMs} ms` : ''}. {item.message}
                  </p>
                  {item.diff.length === 0 ? null : (
                    <Table
                      caption={`Fields of ${objectName(item.object)}`}
                      head={['Field', 'As it should be', 'As it was found']}
                      nothing=""
                      rows={item.diff.map(({ path, before, after }) => ({
                        key: path,
                        cells: [
                          <span class="mono">{path}</span>,
                          before === undefined ? '–' : <ins class="mono">{before}</ins>,
                          after === undefined ? '–' : <del class="mono">{after}</del>,
                        ],
                      }))}
                    />
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </>
  );
}

const PHASE_TONES = { waiting: 'plain', running: 'plain', done: 'good', failed: 'bad', cancelled: 'warn' } as const;

export function Actions(): JSX.Element {
  const actions = useResource<{ items: Schemas['Action'][] }>(`${CLUSTER_PATH}/actions`);
  return (
    <>
      <Title>Actions</Title>
      <Shown loaded={actions}>
        {({ items }) => (
          <Table
            caption="Backups, scans, upgrades and the like, the newest first"
            head={['Action', 'Phase', 'Asked for', 'At', 'Ended', 'Message']}
            nothing="There were none."
            rows={items.map((action) => ({
              key: action.runId,
              cells: [
                action.type,
                <Badge tone={PHASE_TONES[action.phase]}>{action.phase}</Badge>,
                <>
                  <When at={action.askedAt} /> by {action.origin === 'schedule' ? 'a schedule' : 'the plane'}
                </>,
                [action.step, action.percent === undefined ? '' : `${action.percent} %`]
                  .filter((part) => part !== '')
                  .join(', ') || '–',
                action.endedAt === undefined ? '–' : <When at={action.endedAt} />,
                action.message || '–',
              ],
            }))}
          />
        )}
      </Shown>
    </>
  );
}

const SEVERITIES = ['info', 'warning', 'error'] as const;

export function Events(): JSX.Element {
  const events = useResource<{ items: Schemas['Event'][] }>(`${CLUSTER_PATH}/events?limit=200`);
  const [least, setLeast] = useState<(typeof SEVERITIES)[number]>('info');
  return (
    <>
      <Title>Events</Title>
      <div class="field">
        <label for="least">At least</label>
        <select
          id="least"
          value={least}
          onChange={({ currentTarget }) =>
            setLeast(SEVERITIES.find((severity) => severity === currentTarget.value) ?? 'info')
          }
        >
          {SEVERITIES.map((severity) => (
            <option key={severity} value={severity}>
              {severity}
            </option>
          ))}
        </select>
      </div>
      <Shown loaded={events}>
        {({ items }) => (
          <EventList
            events={items.filter(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least))}
          />
        )}
      </Shown>
    </>
  );
}
