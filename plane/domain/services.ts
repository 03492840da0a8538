import type { FleetServices } from '#plane/domain/fleet-services';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Sessions } from '#plane/domain/auth/sessions';

/** What handlers share beside the database: made once at the start of the plane. */
export interface PlaneServices {
  readonly secrets: Secrets;
  readonly sessions: Sessions;
  readonly fleet: FleetServices;
  /** Where users and agents reach this plane, without a slash at the end. */
  readonly publicUrl: string;
}
