/** Signing in, one's own password, and other users. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { call, keepCsrfToken, type Schemas } from './api.ts';
import { messageOf, useAction, useResource } from './hooks.ts';
import { Badge, Failure, Field, Shown, Table, Title } from './parts.tsx';

type User = Schemas['User'];

/** What stands in a field of a form. */
function textOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
}

export function SignIn({
  title,
  onSignedIn,
}: {
  readonly title: string;
  readonly onSignedIn: (session: Schemas['Session']) => void;
}): JSX.Element {
  const signing = useAction();
  return (
    <main class="narrow panel">
      <Title>Sign in</Title>
      <p class="muted">{title}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const extended = new FormData(form).get('extended') !== null;
          signing.run(async () => {
            const session = await call<Schemas['Session']>(
              'POST',
              `/v1/users/default/login?setCookie=true&extendedSession=${extended}`,
              { userName: textOf(form, 'userName'), password: textOf(form, 'password') },
            );
            keepCsrfToken(session.csrfToken);
            onSignedIn(session);
          });
        }}
      >
        <Failure text={signing.error} />
        <Field label="User name">
          {(attributes) => (
            <input {...attributes} name="userName" autocomplete="username" autocapitalize="none" required />
          )}
        </Field>
        <Field label="Password">
          {(attributes) => (
            <input {...attributes} name="password" type="password" autocomplete="current-password" required />
          )}
        </Field>
        <div class="field">
          <label class="inline">
            <input type="checkbox" name="extended" /> Stay signed in for a day
          </label>
        </div>
        <button class="primary" type="submit" disabled={signing.busy}>
          Sign in
        </button>
      </form>
    </main>
  );
}

function PasswordForm({ onChanged }: { readonly onChanged: () => void }): JSX.Element {
  const changing = useAction();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        changing.run(async () => {
          const newPassword = textOf(form, 'newPassword');
          if (newPassword !== textOf(form, 'again')) throw new Error('The new passwords differ.');
          await call('POST', '/v1/users/default/password/reset', {
            currentPassword: textOf(form, 'currentPassword'),
            newPassword,
          });
          form.reset();
          onChanged();
        });
      }}
    >
      <Failure text={changing.error} />
      <Field label="Current password">
        {(attributes) => (
          <input {...attributes} name="currentPassword" type="password" autocomplete="current-password" required />
        )}
      </Field>
      <Field label="New password" hint="At least 12 characters.">
        {(attributes) => (
          <input {...attributes} name="newPassword" type="password" autocomplete="new-password" required />
        )}
      </Field>
      <Field label="New password, again">
        {(attributes) => <input {...attributes} name="again" type="password" autocomplete="new-password" required />}
      </Field>
      <button class="primary" type="submit" disabled={changing.busy}>
        Change password
      </button>
    </form>
  );
}

export function FirstPassword({ onChanged }: { readonly onChanged: () => void }): JSX.Element {
  return (
    <main class="narrow panel">
      <Title>Choose a password</Title>
      <p>The password that you signed in with is good for this only.</p>
      <PasswordForm onChanged={onChanged} />
    </main>
  );
}

export function Account({ user }: { readonly user: User }): JSX.Element {
  const [told, setTold] = useState('');
  return (
    <>
      <Title>Account</Title>
      <p>
        Signed in as <strong>{user.name}</strong>, <Badge tone="plain">{user.role}</Badge>
      </p>
      <h2>Password</h2>
      <div class="panel">
        <PasswordForm onChanged={() => setTold('The password was changed. Other sessions have ended.')} />
        <p role="status">{told}</p>
      </div>
      {user.role === 'admin' ? <Users self={user.name} /> : null}
    </>
  );
}

function Users({ self }: { readonly self: string }): JSX.Element {
  const users = useResource<{ items: User[] }>('/v1/users');
  const adding = useAction();
  const [removing, setRemoving] = useState<string | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const remove = (name: string): void => {
    setFailure(undefined);
    call('DELETE', `/v1/users/${encodeURIComponent(name)}`).then(
      () => {
        users.reload();
        // The button that was pressed goes with its row.
        heading.current?.focus();
      },
      (error: unknown) => setFailure(messageOf(error)),
    );
  };
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        Users
      </h2>
      <Failure text={failure} />
      <Shown loaded={users}>
        {({ items }) => (
          <Table
            caption="Who may sign in"
            head={['Name', 'Role', 'Password', 'Remove']}
            nothing="There are none."
            rows={items.map(({ name, role, mustChangePassword }) => ({
              key: name,
              cells: [
                name,
                role,
                mustChangePassword ? 'to be changed' : 'chosen',
                name === self ? (
                  '–'
                ) : (
                  <button
                    type="button"
                    onClick={() => {
                      setRemoving(name);
                      dialog.current?.showModal();
                    }}
                  >
                    Remove<span class="sr"> {name}</span>
                  </button>
                ),
              ],
            }))}
          />
        )}
      </Shown>
      <dialog ref={dialog} aria-labelledby="remove-user">
        <h2 id="remove-user">Remove {removing}?</h2>
        <p>Sessions of this user end at once.</p>
        <div class="row">
          <button type="button" onClick={() => dialog.current?.close()}>
            Keep
          </button>
          <button
            type="button"
            class="primary"
            onClick={() => {
              dialog.current?.close();
              if (removing !== undefined) remove(removing);
            }}
          >
            Remove
          </button>
        </div>
      </dialog>
      <h2>Add a user</h2>
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          adding.run(async () => {
            await call<User>('POST', '/v1/users', {
              name: textOf(form, 'name'),
              role: textOf(form, 'role'),
              password: textOf(form, 'password'),
            });
            form.reset();
            users.reload();
          });
        }}
      >
        <Failure text={adding.error} />
        <Field label="Name" hint="Small letters, digits, dots and dashes.">
          {(attributes) => <input {...attributes} name="name" autocomplete="off" autocapitalize="none" required />}
        </Field>
        <Field label="Role" hint="Viewers look only.">
          {(attributes) => (
            <select {...attributes} name="role">
              <option value="viewer">viewer</option>
              <option value="admin">admin</option>
            </select>
          )}
        </Field>
        <Field label="First password" hint="To be changed at the first session. At least 12 characters.">
          {(attributes) => (
            <input {...attributes} name="password" type="password" autocomplete="new-password" required />
          )}
        </Field>
        <button type="submit" disabled={adding.busy}>
          Add
        </button>
      </form>
    </>
  );
}
