/** Sections about the host: bundles, diagnostics, audit. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { call, HOST_PATH, upload, type Schemas } from './api.ts';
import { useAction, useResource } from './hooks.ts';
import { Badge, bytes, duration, Failure, Field, Shown, Table, Title, When } from './parts.tsx';
import type { SectionProps } from './sections-cluster.tsx';

const STATE_TONES = { taken: 'good', waiting: 'plain', refused: 'bad' } as const;

export function Bundles({ user }: SectionProps): JSX.Element {
  const uploads = useResource<{ items: Schemas['UploadedContent'][] }>(`${HOST_PATH}/uploaded-content/details`);
  const keys = useResource<Schemas['SigningKeys']>(`${HOST_PATH}/actions/content/signing-public-key`);
  const sending = useAction();
  const [share, setShare] = useState(0);
  const [told, setTold] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const send = (): void =>
    sending.run(async () => {
      const file = input.current?.files?.[0];
      if (!file) throw new Error('Choose a bundle first.');
      setTold('');
      setShare(0);
      const taken = await upload(file, setShare).finally(uploads.reload);
      setTold(`${taken.name}: ${taken.message}`);
      if (input.current) input.current.value = '';
    });
  return (
    <>
      <Title>Bundles</Title>
      {user.role === 'admin' ? (
        <form
          class="panel"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Failure text={sending.error} />
          <Field
            label="Bundle"
            hint="A signed bundle with this cluster's desired state, as `palette bundle create` writes it."
          >
            {(attributes) => <input {...attributes} ref={input} type="file" />}
          </Field>
          <button class="primary" type="submit" disabled={sending.busy}>
            Upload
          </button>
          {sending.busy ? (
            <p>
              <progress aria-label="Sent" max={1} value={share} />{' '}
              {share < 1 ? `${Math.round(share * 100)} % sent` : 'Sent; the agent checks it.'}
            </p>
          ) : null}
          <p role="status">{told}</p>
        </form>
      ) : (
        <p class="muted">Only administrators may bring bundles.</p>
      )}
      <Shown loaded={uploads}>
        {({ items }) => (
          <Table
            caption="Bundles that were brought since the agent started"
            head={['Bundle', 'State', 'When', 'By', 'Packs', 'Message']}
            nothing="No bundle was brought since the agent started."
            rows={items.map((item) => ({
              key: item.id,
              cells: [
                item.name || '–',
                <Badge tone={STATE_TONES[item.state]}>{item.state}</Badge>,
                <When at={item.at} />,
                item.by,
                String(item.packs),
                item.message,
              ],
            }))}
          />
        )}
      </Shown>
      <h2>Keys that are trusted</h2>
      <Shown loaded={keys}>
        {({ desiredState, bundle }) => (
          <ul>
            {desiredState.map(({ kid }) => (
              <li key={kid}>
                Desired states: <code>{kid}</code>
              </li>
            ))}
            {bundle.map((id) => (
              <li key={id}>
                Bundles: <code>{id}</code>
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </>
  );
}

export function Host(): JSX.Element {
  const host = useResource<Schemas['Host']>(HOST_PATH);
  const asking = useAction();
  const [reached, setReached] = useState<Schemas['Connectivity']['items'] | undefined>(undefined);
  return (
    <>
      <Title>Host</Title>
      <Shown loaded={host}>
        {(value) => (
          <dl class="facts panel">
            <dt>Name</dt>
            <dd>{value.hostname}</dd>
            <dt>System</dt>
            <dd>{`${value.platform} ${value.kernel}, ${value.architecture}`}</dd>
            <dt>Processors</dt>
            <dd>{`${value.cpus}${value.cpuModel === undefined ? '' : ` × ${value.cpuModel}`}`}</dd>
            <dt>Memory</dt>
            <dd>{`${bytes(value.freeMemoryBytes)} free of ${bytes(value.memoryBytes)}`}</dd>
            <dt>Up for</dt>
            <dd>{duration(value.uptimeSeconds)}</dd>
            <dt>Load</dt>
            <dd>{(value.loadAverage ?? []).map((load) => load.toFixed(2)).join(', ') || '–'}</dd>
            <dt>Addresses</dt>
            <dd>{value.addresses.map(({ interface: name, address }) => `${address} (${name})`).join(', ') || '–'}</dd>
            <dt>Agent</dt>
            <dd>{`${value.agent.version} on Node ${value.agent.node}, ${bytes(value.agent.memoryBytes)}, up for ${duration(value.agent.uptimeSeconds)}`}</dd>
          </dl>
        )}
      </Shown>
      <h2>Connections</h2>
      <button
        type="button"
        disabled={asking.busy}
        onClick={() =>
          asking.run(async () =>
            setReached((await call<Schemas['Connectivity']>('GET', '/v1/edge-mgmt/edgehosts/connectivity/ping')).items),
          )
        }
      >
        Try connections
      </button>
      <Failure text={asking.error} />
      <div role="status">
        {reached === undefined ? null : (
          <ul>
            {reached.map(({ address, ok, message, tookMs }) => (
              <li key={address}>
                {address}:{' '}
                <Badge tone={ok ? 'good' : 'bad'}>{ok ? `reachable in ${tookMs} ms` : 'not reachable'}</Badge> {message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

const LOOK_MS = 1_000;

export function Diagnostics(): JSX.Element {
  const status = useResource<Schemas['LogsStatus']>(`${HOST_PATH}/generate-logs-status`);
  const lines = useResource<{ items: Schemas['LogLine'][] }>(`${HOST_PATH}/error-logs?logCount=100`);
  const making = useAction();
  const running = status.value?.state === 'running';
  useEffect(() => {
    if (!running) return undefined;
    const timer = window.setInterval(status.reload, LOOK_MS);
    return () => window.clearInterval(timer);
  }, [running, status.reload]);
  return (
    <>
      <Title>Diagnostics</Title>
      <div class="panel">
        <p>A bundle of logs, status, events and settings for whoever looks into a problem. Secrets are taken out.</p>
        <button
          type="button"
          class="primary"
          disabled={making.busy || running}
          onClick={() =>
            making.run(async () => {
              await call('POST', `${HOST_PATH}/generate-logs`);
              status.reload();
            })
          }
        >
          Make a diagnostics bundle
        </button>
        <Failure text={making.error} />
        <p role="status">
          {running ? 'It is being made…' : ''}
          {status.value?.state === 'failed' ? `It could not be made: ${status.value.message ?? ''}` : ''}
          {status.value?.state === 'ready' ? `Ready: ${bytes(status.value.bytes ?? 0)}.` : ''}
        </p>
        {status.value?.state === 'ready' ? (
          <p>
            <a href={`${HOST_PATH}/download-logs`} download>
              Download the bundle
            </a>
          </p>
        ) : null}
      </div>
      <h2>Newest warnings and errors</h2>
      <Shown loaded={lines}>
        {({ items }) => (
          <Table
            caption="From the agent's log, the newest first"
            head={['When', 'Level', 'Message']}
            nothing="There are none."
            rows={items.map(({ at, level, message }, index) => ({
              key: `${at} ${index}`,
              cells: [<When at={at} />, <Badge tone={level === 'error' ? 'bad' : 'warn'}>{level}</Badge>, message],
            }))}
          />
        )}
      </Shown>
    </>
  );
}

export function Audit(): JSX.Element {
  const filters = useResource<{ users: string[]; resourceKinds: string[]; actionTypes: string[] }>(
    `${HOST_PATH}/audits/filters`,
  );
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== ''));
  const first = useResource<Schemas['Audits']>(`${HOST_PATH}/audits?${query.toString()}`);
  const [more, setMore] = useState<
    { readonly items: readonly Schemas['Audit'][]; readonly next: string | undefined } | undefined
  >(undefined);
  const loading = useAction();
  const next = more ? more.next : first.value?.continue;
  const choose = (name: string, value: string): void => {
    setMore(undefined);
    setChosen((before) => ({ ...before, [name]: value }));
  };
  return (
    <>
      <Title>Audit log</Title>
      <Shown loaded={filters}>
        {({ users, resourceKinds, actionTypes }) => (
          <div class="row panel">
            {(
              [
                ['userUid', 'User', users],
                ['resourceKind', 'Kind', resourceKinds],
                ['actionType', 'Action', actionTypes],
              ] as const
            ).map(([name, label, values]) => (
              <Field key={name} label={label}>
                {(attributes) => (
                  <select
                    {...attributes}
                    value={chosen[name] ?? ''}
                    onChange={({ currentTarget }) => choose(name, currentTarget.value)}
                  >
                    <option value="">any</option>
                    {values.map((value) => (
                      <option key={value} value={value}>
                        {value}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            ))}
            <a href={`${HOST_PATH}/audits/download`} download>
              Download the log
            </a>
          </div>
        )}
      </Shown>
      <Shown loaded={first}>
        {({ items }) => (
          <Table
            caption="Who did what, the newest first"
            head={['When', 'Who', 'What', 'Kind', 'Name', 'Details']}
            nothing="Nothing was noted."
            rows={[...items, ...(more?.items ?? [])].map((entry) => ({
              key: entry.id,
              cells: [
                <When at={entry.at} />,
                entry.actorType === 'user' ? entry.actor : `${entry.actor} (not signed in)`,
                entry.action,
                entry.resourceKind,
                entry.resourceName || '–',
                entry.contentMsg || '–',
              ],
            }))}
          />
        )}
      </Shown>
      <Failure text={loading.error} />
      {next === undefined ? null : (
        <button
          type="button"
          disabled={loading.busy}
          onClick={() =>
            loading.run(async () => {
              const page = await call<Schemas['Audits']>(
                'GET',
                `${HOST_PATH}/audits?${new URLSearchParams([...query, ['continue', next]]).toString()}`,
              );
              setMore({ items: [...(more?.items ?? []), ...page.items], next: page.continue });
            })
          }
        >
          More
        </button>
      )}
    </>
  );
}
