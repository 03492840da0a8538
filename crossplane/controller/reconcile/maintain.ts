/** Finds, makes or takes over the external object, and brings it to what is asked for. */
import { partOf, type CtyObject } from '#resources/engine/cty';

import type { ApiConnection } from '../contracts.ts';
import { ANNOTATIONS } from '../../schema/groups.ts';
import { checkConfig, checkPlan } from './check-plan.ts';
import { notReady } from './conditions.ts';
import { publishConnection } from './connection-secret.ts';
import { create, type Created } from './create.ts';
import { creationOf } from './creation.ts';
import { decide } from './decide.ts';
import { desiredOf, type Desired } from './desired.ts';
import { goingOn, type Ending } from './ending.ts';
import { externalNameOf, refuseTaken, storedId } from './external-name.ts';
import { PassFailure } from './failure.ts';
import { finishCreation } from './finish-creation.ts';
import { lateInitialised } from './late-initialise.ts';
import { look } from './observe.ts';
import { note, noteWatched, tell, type Pass } from './pass.ts';
import { annotationOf, type Policies } from './policies.ts';
import { areKnown, digestOf } from './secrets-digest.ts';
import { seedState, shownState, storedState, withoutSecrets } from './state.ts';
import { update, type UpdateMemory } from './update.ts';
import { claim, patchForProvider, persist } from './writes.ts';

/** @throws PassFailure; KubeError */
export async function maintain(
  pass: Pass,
  connection: ApiConnection,
  { policies, memory }: { readonly policies: Policies; readonly memory: UpdateMemory },
): Promise<Ending> {
  const takenUp = await finishCreation(pass, connection);
  const name = externalNameOf(pass.object);
  if (name === undefined) return make(pass, connection, policies);

  const isKnown = name === storedId(pass.object);
  if (isKnown) refuseTaken(pass, connection, name);
  const desired = await desiredOf(pass, { initial: false });
  const settled = isKnown ? storedState(pass, desired) : undefined;
  if (settled !== undefined) noteWatched(pass, connection, settled);
  const observation = await look(pass, connection, { name, settled, config: desired.config });
  if (observation.kind === 'absent') {
    const wasMadeHere = creationOf(pass.object).kind === 'succeeded' && storedId(pass.object) === undefined;
    if ((isKnown || wasMadeHere) && policies.create) return make(pass, connection, policies);
    throw absent(pass, name, { wasOurs: isKnown || wasMadeHere, help: observation.help });
  }
  const { id, state } = observation;
  if (!isKnown) refuseTaken(pass, connection, id);
  const isNamed = annotationOf(pass.object, ANNOTATIONS.externalName) === id;
  await claim(pass, isNamed ? {} : { [ANNOTATIONS.externalName]: id });
  note(pass, connection, state);
  if (!isKnown && !takenUp && creationOf(pass.object).kind !== 'succeeded')
    tell(pass, 'Normal', 'ImportedExternalResource', `Took over ${pass.kind.kind} ${id}.`);
  return match(pass, { connection, policies, memory, settled, observed: state, desired });
}

/** Makes what is not there. */
async function make(pass: Pass, connection: ApiConnection, policies: Policies): Promise<Ending> {
  if (!policies.create) {
    throw new PassFailure(
      `There is no ${pass.kind.kind} yet, and spec.managementPolicies does not allow Create. Name one that exists by the annotation ${ANNOTATIONS.externalName}, or allow Create.`,
      { reason: 'ExternalResourceNotFound', event: 'CannotObserveExternalResource', requeue: 'poll' },
    );
  }
  pass.draft.ready = notReady('Creating');
  const desired = await desiredOf(pass, { initial: true });
  let created: Created;
  try {
    created = await create(pass, connection, desired);
  } catch (error) {
    // What exists although its creation failed is known by its identifier alone, so that the next look writes the rest.
    const id = annotationOf(pass.object, ANNOTATIONS.externalName);
    if (id !== undefined && creationOf(pass.object).kind === 'succeeded' && id !== storedId(pass.object))
      pass.draft.atProvider = shownState(pass, seedState(pass, desired.config, { id }));
    throw error;
  }
  note(pass, connection, created.state);
  pass.draft.secretsDigest = await digestOf(desired.secrets);
  await publishConnection(pass, created.state);
  return goingOn(pass, created.going);
}

interface Match {
  readonly connection: ApiConnection;
  readonly policies: Policies;
  readonly memory: UpdateMemory;
  /** What was last known; absent when it is looked at for the first time. */
  readonly settled: CtyObject | undefined;
  readonly observed: CtyObject;
  readonly desired: Desired;
}

/** Brings what is there to what is asked for. */
async function match(pass: Pass, found: Match): Promise<Ending> {
  const { connection, policies, memory, settled, observed } = found;
  const uid = pass.object.metadata.uid ?? '';
  const desired = policies.lateInitialize ? await initialiseLate(pass, found) : found.desired;
  const secretsChanged = !(await areKnown(pass.object, desired.secrets));
  // Secrets that the API did not get make a difference, which nobody else made.
  const known = (state: CtyObject): CtyObject => (secretsChanged ? withoutSecrets(state, pass.model) : state);
  const prior = known(observed);
  const config: CtyObject = { ...desired.config };
  for (const field of desired.initialOnly) config[field] = partOf(observed, field);
  const decision = decide(pass.definition, {
    settled: settled && known(settled),
    observed: prior,
    config,
    secretsChanged,
  });
  if (decision.kind === 'upToDate' || !policies.update) {
    memory.settled(uid);
    await publishConnection(pass, observed);
    return goingOn(pass, undefined);
  }
  if (decision.kind === 'replace') throw replacement(decision.paths);
  checkConfig(pass, config);
  const checked = await checkPlan(pass, connection, { prior, planned: decision.planned, config });
  if (checked.replace.length > 0) throw replacement(checked.replace);
  const change = { prior, planned: checked.planned };
  if (memory.isInVain(uid, change)) throw inVain(decision.changed);
  const updated = await update(pass, connection, change);
  await followId(pass, observed, updated.state);
  memory.made(uid, change);
  note(pass, connection, updated.state);
  pass.draft.secretsDigest = await digestOf(desired.secrets);
  tellChanges(pass, decision);
  await publishConnection(pass, updated.state);
  return goingOn(pass, updated.going);
}

/** A change may have made another object, as a new version of a profile is: that is the one from here on. */
async function followId(pass: Pass, observed: CtyObject, updated: CtyObject): Promise<void> {
  const id = partOf(updated, 'id');
  if (typeof id === 'string' && id !== '' && id !== partOf(observed, 'id'))
    await persist(pass, { [ANNOTATIONS.externalName]: id });
}

async function initialiseLate(pass: Pass, { observed, settled, desired }: Match): Promise<Desired> {
  const late = lateInitialised(pass, {
    observed,
    isTakenOver: settled === undefined && creationOf(pass.object).kind === 'none',
  });
  if (late === undefined) return desired;
  await patchForProvider(pass, late);
  return desiredOf(pass, { initial: false });
}

/** Names fields, never values: they may be secret. */
function tellChanges(
  pass: Pass,
  { changed, drifted }: { readonly changed: readonly string[]; readonly drifted: readonly string[] },
): void {
  if (drifted.length > 0)
    tell(pass, 'Normal', 'DriftCorrected', `Put back what was changed elsewhere: ${drifted.join(', ')}.`);
  const asked = changed.filter((path) => !drifted.includes(path));
  if (asked.length > 0 || drifted.length === 0)
    tell(
      pass,
      'Normal',
      'UpdatedExternalResource',
      `Updated ${asked.length === 0 ? 'what its Secrets hold' : asked.join(', ')}.`,
    );
}

function absent(
  { kind }: Pass,
  name: string,
  { wasOurs, help }: { readonly wasOurs: boolean; readonly help: string | undefined },
): PassFailure {
  const what = wasOurs
    ? `${kind.kind} ${name} is gone, and spec.managementPolicies does not allow Create.`
    : `There is no ${kind.kind} ${name}, which the annotation ${ANNOTATIONS.externalName} names. Correct it, or remove it to have one made.`;
  return new PassFailure(`${what}${help === undefined ? '' : ` ${help}`}`, {
    reason: 'ExternalResourceNotFound',
    event: 'CannotObserveExternalResource',
    requeue: 'poll',
  });
}

function replacement(paths: readonly string[]): PassFailure {
  return new PassFailure(
    `${paths.join(', ')} cannot be changed on what exists. Nothing was changed or deleted. Put the former value back (status.atProvider has it), or delete this managed resource and make it anew.`,
    { reason: 'ReplacementRequired', event: 'ReplacementRequired', requeue: 'poll' },
  );
}

function inVain(paths: readonly string[]): PassFailure {
  return new PassFailure(
    `${paths.join(', ')}: an update was accepted, and the API still has another value. It is tried again after growing pauses; if status.atProvider means the same, write it as it stands there.`,
    { reason: 'UpdateWithoutEffect', event: 'CannotUpdateExternalResource' },
  );
}
