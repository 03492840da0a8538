/** Parts that every section is made of. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import type { Schemas } from './api.ts';
import type { Loaded } from './hooks.ts';

type Tone = 'good' | 'warn' | 'bad' | 'plain';

/** Words, and a colour that says the same. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }): JSX.Element {
  return <span class={tone === 'plain' ? 'badge' : `badge ${tone}`}>{children}</span>;
}

export function Title({ children }: { readonly children: string }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · Cluster agent`;
    // Who reads with a screen reader hears where they are.
    heading.current?.focus();
  }, [children]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

export function Failure({ text }: { readonly text: string | undefined }): JSX.Element {
  return <div role="alert">{text === undefined ? null : <p class="notice bad">{text}</p>}</div>;
}

/** What was loaded, or why not. */
export function Shown<T>({
  loaded,
  children,
}: {
  readonly loaded: Loaded<T>;
  readonly children: (value: T) => ComponentChildren;
}): JSX.Element {
  return (
    <>
      <Failure text={loaded.error} />
      {loaded.value === undefined ? (
        <p class="muted">{loaded.error === undefined ? 'Loading…' : 'Nothing to show.'}</p>
      ) : (
        children(loaded.value)
      )}
    </>
  );
}

export function Table({
  caption,
  head,
  rows,
  nothing,
}: {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ComponentChildren[] }[];
  readonly nothing: string;
}): JSX.Element {
  if (rows.length === 0) return <p class="muted">{nothing}</p>;
  return (
    <div class="scroll panel" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((title) => (
              <th scope="col" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>{cells.map((cell, at) => (at === 0 ? <th scope="row">{cell}</th> : <td>{cell}</td>))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A labelled input with a hint and what is wrong with it, tied to it for screen readers. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly children: (attributes: {
    readonly id: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid': boolean;
  }) => JSX.Element;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': error !== undefined })}
      <div id={`${id}-about`}>
        {hint === undefined || hint === '' ? null : <span class="hint">{hint}</span>}
        {error === undefined ? null : <span class="error"> {error}</span>}
      </div>
    </div>
  );
}

export function When({ at }: { readonly at: string }): JSX.Element {
  return <time dateTime={at}>{new Date(at).toLocaleString()}</time>;
}

export function objectName({ kind, namespace, name }: Schemas['Object']): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const at = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10));
  return `${(count / 1024 ** at).toFixed(at === 0 ? 0 : 1)} ${units[at]}`;
}

export function duration(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return days > 0 ? `${days} d ${hours} h` : hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`;
}

const SEVERITY_TONES = { info: 'plain', warning: 'warn', error: 'bad' } as const;

export function EventList({ events }: { readonly events: readonly Schemas['Event'][] }): JSX.Element {
  return (
    <Table
      caption="What happened, the newest first"
      head={['Reason', 'Severity', 'When', 'Message', 'Count']}
      nothing="Nothing has happened yet."
      rows={events.map((event) => ({
        key: event.id,
        cells: [
          event.reason,
          <Badge tone={SEVERITY_TONES[event.severity]}>{event.severity}</Badge>,
          <When at={event.at} />,
          event.object === undefined ? event.message : `${objectName(event.object)}: ${event.message}`,
          String(event.count),
        ],
      }))}
    />
  );
}
