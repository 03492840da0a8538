import type { FleetServices } from '#plane/domain/fleet';
import type { Secrets } from '#plane/domain/secrets/secrets';

/** What handlers share beside the database: made once at the start of the plane. */
export interface PlaneServices {
  readonly secrets: Secrets;
  readonly fleet: FleetServices;
  /** Where users and agents reach this plane, without a slash at the end. */
  readonly publicUrl: string;
}
