/** The page: who is signed in, which section is shown. */
import { render, type JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import { Account, FirstPassword, SignIn } from './account.tsx';
import { call, CallError, CLUSTER_PATH, keepCsrfToken, type Schemas } from './api.ts';
import { LiveContext, messageOf, openLive, useAction, useNews, useResource } from './hooks.ts';
import { Badge, Failure, objectName } from './parts.tsx';
import { Actions, Drift, Events, Nodes, Overview, Packs, type SectionProps } from './sections-cluster.tsx';
import { Audit, Bundles, Diagnostics, Host } from './sections-host.tsx';
import { Variables } from './variables.tsx';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly admin?: true;
  readonly show: (props: SectionProps) => JSX.Element;
}

const SECTIONS: readonly Section[] = [
  { id: 'overview', title: 'Overview', show: Overview },
  { id: 'packs', title: 'Packs', show: Packs },
  { id: 'nodes', title: 'Nodes', show: Nodes },
  { id: 'drift', title: 'Drift', show: Drift },
  { id: 'actions', title: 'Actions', show: Actions },
  { id: 'events', title: 'Events', show: Events },
  { id: 'variables', title: 'Variables', show: Variables },
  { id: 'bundles', title: 'Bundles', show: Bundles },
  { id: 'host', title: 'Host', show: Host },
  { id: 'diagnostics', title: 'Diagnostics', admin: true, show: Diagnostics },
  { id: 'audit', title: 'Audit log', admin: true, show: Audit },
  { id: 'account', title: 'Account', show: Account },
];

const THEME_KEY = 'palette-theme';
const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

function storedTheme(): Theme {
  return THEMES.find((theme) => theme === localStorage.getItem(THEME_KEY)) ?? 'system';
}

function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  useEffect(() => {
    localStorage.setItem(THEME_KEY, theme);
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return [theme, setTheme];
}

function useSection(): string {
  const read = (): string => location.hash.replace(/^#\//, '');
  const [section, setSection] = useState(read);
  useEffect(() => {
    const follow = (): void => setSection(read());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return section;
}

type Standing =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed out' }
  | { readonly kind: 'signed in'; readonly user: Schemas['User']; readonly secondsLeft: number }
  | { readonly kind: 'away'; readonly message: string };

function App(): JSX.Element {
  const [standing, setStanding] = useState<Standing>({ kind: 'unknown' });
  const [settings, setSettings] = useState<Schemas['Settings'] | undefined>(undefined);
  const look = (): void => {
    call<Schemas['CurrentUser']>('GET', '/v1/users/current').then(
      ({ user, csrfToken, secondsLeft }) => {
        keepCsrfToken(csrfToken);
        setStanding({ kind: 'signed in', user, secondsLeft });
      },
      (error: unknown) =>
        setStanding(
          error instanceof CallError && error.status === 401
            ? { kind: 'signed out' }
            : { kind: 'away', message: messageOf(error) },
        ),
    );
  };
  useEffect(() => {
    look();
    call<Schemas['Settings']>('GET', '/v1/edge-mgmt/settings').then(setSettings, () => undefined);
  }, []);
  switch (standing.kind) {
    case 'unknown':
      return <p class="loading">Loading…</p>;
    case 'away':
      return (
        <main class="narrow panel">
          <h1>The agent does not answer</h1>
          <Failure text={standing.message} />
          <button type="button" onClick={look}>
            Try again
          </button>
        </main>
      );
    case 'signed out':
      return (
        <SignIn
          title={settings?.title ?? ''}
          onSignedIn={({ user, secondsLeft }) => setStanding({ kind: 'signed in', user, secondsLeft })}
        />
      );
    case 'signed in':
      return standing.user.mustChangePassword ? (
        <FirstPassword onChanged={look} />
      ) : (
        <SignedIn
          user={standing.user}
          secondsLeft={standing.secondsLeft}
          settings={settings}
          onStale={look}
          onSignedOut={() => setStanding({ kind: 'signed out' })}
        />
      );
  }
}

function SignedIn({
  user,
  secondsLeft,
  settings,
  onStale,
  onSignedOut,
}: {
  readonly user: Schemas['User'];
  readonly secondsLeft: number;
  readonly settings: Schemas['Settings'] | undefined;
  readonly onStale: () => void;
  readonly onSignedOut: () => void;
}): JSX.Element {
  const [connected, setConnected] = useState(true);
  const stale = useRef(onStale);
  stale.current = onStale;
  const live = useMemo(
    () =>
      openLive((is) => {
        setConnected(is);
        // The session may have ended: that is why the stream did.
        if (!is) stale.current();
      }),
    [],
  );
  useEffect(() => live.close, [live]);
  return (
    <LiveContext.Provider value={live}>
      <SessionEnd secondsLeft={secondsLeft} onRenewed={onStale} />
      <Frame user={user} settings={settings} connected={connected} onSignedOut={onSignedOut} />
    </LiveContext.Provider>
  );
}

const WARNING_SECONDS = 5 * 60;

/** Says that the session ends soon, while there is time to go on. */
function SessionEnd({
  secondsLeft,
  onRenewed,
}: {
  readonly secondsLeft: number;
  readonly onRenewed: () => void;
}): JSX.Element {
  const [ending, setEnding] = useState(false);
  const renewing = useAction();
  useEffect(() => {
    setEnding(false);
    const timer = window.setTimeout(() => setEnding(true), Math.max(0, secondsLeft - WARNING_SECONDS) * 1000);
    return () => window.clearTimeout(timer);
  }, [secondsLeft]);
  return (
    <div role="alert">
      {ending ? (
        <p class="notice warn">
          Your session ends in a few minutes; what was not saved is lost then.{' '}
          <button
            type="button"
            disabled={renewing.busy}
            onClick={() =>
              renewing.run(async () => {
                const { csrfToken } = await call<Schemas['Session']>('POST', '/v1/users/default/token/renewal');
                keepCsrfToken(csrfToken);
                onRenewed();
              })
            }
          >
            Stay signed in
          </button>{' '}
          {renewing.error}
        </p>
      ) : null}
    </div>
  );
}

function Frame({
  user,
  settings,
  connected,
  onSignedOut,
}: {
  readonly user: Schemas['User'];
  readonly settings: Schemas['Settings'] | undefined;
  readonly connected: boolean;
  readonly onSignedOut: () => void;
}): JSX.Element {
  const [theme, setTheme] = useTheme();
  const asked = useSection();
  const cluster = useResource<Schemas['Cluster']>(CLUSTER_PATH);
  const main = useRef<HTMLElement>(null);
  const [news, setNews] = useState('');
  const signingOut = useAction();
  useNews((item) => {
    if (item.kind === 'drift') setNews(`Drift: ${objectName(item.drift.object)} ${item.drift.action}`);
    if (item.kind === 'event' && item.event.severity !== 'info') setNews(`${item.event.reason}: ${item.event.message}`);
  });
  const sections = SECTIONS.filter(({ admin }) => admin === undefined || user.role === 'admin');
  const section = sections.find(({ id }) => id === asked) ?? SECTIONS[0];
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <header class="top">
        <span class="name">
          {settings?.title ?? 'Cluster agent'}
          {cluster.value?.name === undefined ? '' : ` · ${cluster.value.name}`}
        </span>
        {cluster.value === undefined ? null : (
          <Badge tone={cluster.value.healthy ? 'good' : 'warn'}>
            {cluster.value.healthy ? 'healthy' : 'not healthy'}
          </Badge>
        )}
        {connected ? null : <Badge tone="warn">no live news</Badge>}
        {settings?.links.map(({ title, url }) => (
          <a key={url} href={url} rel="noreferrer">
            {title}
          </a>
        ))}
        <label>
          <span class="sr">Theme</span>
          <select
            value={theme}
            onChange={({ currentTarget }) => setTheme(THEMES.find((one) => one === currentTarget.value) ?? 'system')}
          >
            {THEMES.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          disabled={signingOut.busy}
          onClick={() =>
            signingOut.run(async () => {
              try {
                await call('POST', '/v1/users/default/logout');
              } catch (error) {
                // A session that has ended already is as good; one that has not is not to look as if it had.
                if (!(error instanceof CallError && error.status === 401)) throw error;
              }
              onSignedOut();
            })
          }
        >
          Sign out
        </button>
      </header>
      <Failure text={signingOut.error} />
      <div class="layout">
        <nav aria-label="Sections">
          <ul>
            {sections.map(({ id, title }) => (
              <li key={id}>
                <a href={`#/${id}`} {...(id === section?.id ? { 'aria-current': 'page' as const } : {})}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <main ref={main} id="main" tabIndex={-1}>
          {section === undefined ? null : <section.show key={section.id} user={user} />}
        </main>
      </div>
      <div class="sr" role="status" aria-live="polite">
        {news}
      </div>
    </>
  );
}

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(<App />, root);
}
