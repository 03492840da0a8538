import type { components } from '#openapi/generated/types';
import { invalidRequest, notFound, PlaneError } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';
import { recomposeClusters } from '#plane/domain/desired-state/recompose';
import { appendResourceEvent } from '#plane/domain/events/resource-event';
import { findProject } from '#plane/domain/projects/project-store';
import type { Transaction } from '#plane/store/database';

import { addMacros, deleteMacros, listMacros, lockMacros, type Macro } from './macro-store.ts';

type Macros = components['schemas']['v1Macros'] | undefined;

/** Whose macros they are; the tenant's without a project. */
interface Owner {
  readonly projectUid: string | null;
}

export const macroHandlers = {
  v1ProjectsUidMacrosList: async ({ path }, context) => list(ofProject(path.uid), context),
  v1ProjectsUidMacrosCreate: async ({ path, body }, context) => create(ofProject(path.uid), body, context),
  v1ProjectsUidMacrosUpdate: async ({ path, body }, context) => replace(ofProject(path.uid), body, context),
  v1ProjectsUidMacrosDeleteByMacroName: async ({ path, body }, context) => remove(ofProject(path.uid), body, context),
  v1TenantsUidMacrosList: async ({ path }, context) => list(ofTenant(path.tenantUid, context), context),
  v1TenantsUidMacrosCreate: async ({ path, body }, context) => create(ofTenant(path.tenantUid, context), body, context),
  v1TenantsUidMacrosUpdate: async ({ path, body }, context) =>
    replace(ofTenant(path.tenantUid, context), body, context),
  v1TenantsUidMacrosDeleteByMacroName: async ({ path, body }, context) =>
    remove(ofTenant(path.tenantUid, context), body, context),
} satisfies SomeHandlers;

async function list(owner: Owner, { db }: UserContext): Promise<{ status: 200; body: { macros: Macro[] } }> {
  const macros = await db.transaction(
    async (tx) => {
      await checkOwner(tx, owner);
      return listMacros(tx, owner.projectUid);
    },
    { readOnly: true },
  );
  return { status: 200, body: { macros } };
}

async function create(owner: Owner, body: Macros, context: UserContext): Promise<{ status: 204 }> {
  const macros = readMacros(body);
  return change(owner, context, async (tx) => {
    const known = new Set((await listMacros(tx, owner.projectUid)).map(({ name }) => name));
    const taken = macros.filter(({ name }) => known.has(name)).map(({ name }) => name);
    if (taken.length > 0) {
      throw new PlaneError(
        422,
        'MacroExists',
        `there are macros of these names already: ${taken.join(', ')}; change them with PUT, or choose other names`,
        { names: taken },
      );
    }
    await addMacros(tx, owner.projectUid, macros);
  });
}

async function replace(owner: Owner, body: Macros, context: UserContext): Promise<{ status: 204 }> {
  const macros = readMacros(body);
  return change(owner, context, async (tx) => {
    await deleteMacros(tx, owner.projectUid, undefined);
    await addMacros(tx, owner.projectUid, macros);
  });
}

/** A name that is no macro (any more) is no failure: what was asked for holds. */
async function remove(owner: Owner, body: Macros, context: UserContext): Promise<{ status: 204 }> {
  const names = readMacros(body).map(({ name }) => name);
  return change(owner, context, async (tx) => deleteMacros(tx, owner.projectUid, names));
}

/** One change of macros and what follows from it for the clusters that use them. */
async function change(
  owner: Owner,
  { db, scope, services }: UserContext,
  work: (tx: Transaction) => Promise<void>,
): Promise<{ status: 204 }> {
  await db.transaction(async (tx) => {
    await lockMacros(tx, owner.projectUid ?? scope.tenantUid);
    await checkOwner(tx, owner);
    await work(tx);
    await recomposeClusters(
      tx,
      services,
      scope.tenantUid,
      owner.projectUid === null ? { kind: 'tenant' } : { kind: 'project', uid: owner.projectUid },
    );
    const uid = owner.projectUid ?? scope.tenantUid;
    const told = { type: 'macros', uid, change: 'updated', projectUid: owner.projectUid } as const;
    await appendResourceEvent(tx, services, scope.tenantUid, told);
  });
  return { status: 204 };
}

function ofProject(uid: string): Owner {
  return { projectUid: uid };
}

function ofTenant(uid: string, { scope }: UserContext): Owner {
  if (uid !== scope.tenantUid) throw notFound('tenant', uid);
  return { projectUid: null };
}

async function checkOwner(tx: Transaction, { projectUid }: Owner): Promise<void> {
  if (projectUid !== null && !(await findProject(tx, projectUid))) throw notFound('project', projectUid);
}

/** What can stand behind `.spectro.macro.` in a pack's values. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

function readMacros(body: Macros): Macro[] {
  const seen = new Set<string>();
  return (body?.macros ?? []).map(({ name, value }, index) => {
    const field = `body.macros[${index}].name`;
    if (name === undefined || name === '') throw invalidRequest(`${field}: a name is needed`);
    if (!NAME.test(name))
      throw invalidRequest(
        `${field}: '${name.slice(0, 200)}' is no name of a macro; use up to 128 letters, digits, '_', '.' and '-', the first a letter, a digit or '_'`,
      );
    if (seen.has(name)) throw invalidRequest(`${field}: '${name}' is given twice`);
    seen.add(name);
    return { name, value: value ?? '' };
  });
}
