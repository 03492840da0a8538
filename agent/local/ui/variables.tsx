/** The form for variables that are left to people at the cluster. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { call, CLUSTER_PATH, type Schemas } from './api.ts';
import { useAction, useResource } from './hooks.ts';
import { Failure, Field, Shown, Title } from './parts.tsx';
import type { SectionProps } from './sections-cluster.tsx';

type Variable = Schemas['Variable'];

export function Variables({ user }: SectionProps): JSX.Element {
  const variables = useResource<Schemas['Variables']>(`${CLUSTER_PATH}/profiles/variables`);
  return (
    <>
      <Title>Variables</Title>
      <Shown loaded={variables}>
        {({ settable, items }) =>
          settable ? (
            <Form items={items} mayChange={user.role === 'admin'} onSaved={variables.reload} />
          ) : (
            <p class="muted">The desired state leaves no variables to people at the cluster.</p>
          )
        }
      </Shown>
    </>
  );
}

function Form({
  items,
  mayChange,
  onSaved,
}: {
  readonly items: readonly Variable[];
  readonly mayChange: boolean;
  readonly onSaved: () => void;
}): JSX.Element {
  // Only what somebody touched is sent: what others set meanwhile stays.
  const [changed, setChanged] = useState<Readonly<Record<string, string | null>>>({});
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const [told, setTold] = useState('');
  const saving = useAction();
  const form = useRef<HTMLFormElement>(null);
  const change = (name: string, value: string | null): void => {
    setTold('');
    setChanged((before) => ({ ...before, [name]: value }));
  };
  const save = (): void =>
    saving.run(async () => {
      setTold('');
      const { problems } = await call<Schemas['Validation']>('POST', `${CLUSTER_PATH}/profiles/variables/validate`, {
        values: changed,
      });
      setFaults(Object.fromEntries(problems.map(({ variable, message }) => [variable, message])));
      if (problems.length > 0) {
        requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
        throw new Error(
          `${problems.length === 1 ? 'One value is' : `${problems.length} values are`} not right; nothing was saved.`,
        );
      }
      await call<Schemas['Variables']>('PUT', `${CLUSTER_PATH}/profiles/variables`, { values: changed });
      setChanged({});
      setTold('Saved. The cluster is brought to it now.');
      onSaved();
    });
  return (
    <form
      class="panel"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Failure text={saving.error} />
      {items.map((variable) => {
        const touched = Object.hasOwn(changed, variable.name) ? changed[variable.name] : undefined;
        return (
          <Field
            key={variable.name}
            label={`${variable.displayName ?? variable.name}${variable.required ? ' (required)' : ''}`}
            hint={hintOf(variable)}
            error={faults[variable.name]}
          >
            {(attributes) => (
              <>
                <Input
                  variable={variable}
                  attributes={{ ...attributes, disabled: !mayChange || touched === null || isSettled(variable) }}
                  value={touched ?? variable.value ?? ''}
                  onValue={(value) => change(variable.name, value)}
                />
                {mayChange && variable.source === 'local' && !variable.immutable ? (
                  <label class="inline">
                    <input
                      type="checkbox"
                      checked={touched === null}
                      onChange={({ currentTarget }) =>
                        currentTarget.checked
                          ? change(variable.name, null)
                          : setChanged(({ [variable.name]: _, ...others }) => others)
                      }
                    />
                    <span>
                      Back to the plane's value<span class="sr"> of {variable.displayName ?? variable.name}</span>
                    </span>
                  </label>
                ) : null}
              </>
            )}
          </Field>
        );
      })}
      {mayChange ? (
        <button class="primary" type="submit" disabled={saving.busy || Object.keys(changed).length === 0}>
          Save
        </button>
      ) : (
        <p class="muted">Only administrators may change them.</p>
      )}{' '}
      <span role="status">{told}</span>
    </form>
  );
}

function isSettled({ immutable, source }: Variable): boolean {
  return immutable && source === 'local';
}

function hintOf(variable: Variable): string {
  const parts = [
    variable.description,
    variable.format === 'string' ? undefined : `Format: ${variable.format}.`,
    variable.regex === undefined || variable.regex === '' ? undefined : `Must match ${variable.regex}.`,
    variable.isSensitive ? (variable.hasValue ? 'It has a value, which is not shown.' : 'It has no value.') : undefined,
    isSettled(variable)
      ? 'It was set and cannot be changed.'
      : variable.immutable
        ? 'Once set it cannot be changed.'
        : undefined,
    variable.source === 'local' ? 'Set at this cluster.' : 'As the plane has it.',
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

type Attributes = {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
  readonly disabled: boolean;
};

function Input({
  variable,
  attributes,
  value,
  onValue,
}: {
  readonly variable: Variable;
  readonly attributes: Attributes;
  readonly value: string;
  readonly onValue: (value: string) => void;
}): JSX.Element {
  const choices = choicesOf(variable);
  if (choices) {
    const known = choices.some((choice) => choice.value === value);
    return (
      <select {...attributes} value={value} onChange={({ currentTarget }) => onValue(currentTarget.value)}>
        {known ? null : <option value={value}>{value === '' ? 'Choose…' : `${value} (not offered)`}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.description === undefined || choice.description === ''
              ? (choice.label ?? choice.value)
              : `${choice.label ?? choice.value}: ${choice.description}`}
          </option>
        ))}
      </select>
    );
  }
  if (variable.inputType === 'multiline' && !variable.isSensitive)
    return (
      <textarea {...attributes} rows={5} value={value} onInput={({ currentTarget }) => onValue(currentTarget.value)} />
    );
  const common = {
    ...attributes,
    autocomplete: 'off' as const,
    spellcheck: false,
    value,
    onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => onValue(currentTarget.value),
  };
  return variable.isSensitive ? (
    <input {...common} type="password" />
  ) : (
    <input {...common} type="text" inputMode={variable.format === 'number' ? 'decimal' : 'text'} />
  );
}

function choicesOf({ inputType, format, options }: Variable): readonly Variable['options'][number][] | undefined {
  if (inputType === 'dropdown') return options;
  if (format === 'boolean') return [{ value: 'true' }, { value: 'false' }];
  return undefined;
}
