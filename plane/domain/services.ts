import type { Renderer } from '#packs/index';
import type { FleetServices } from '#plane/domain/fleet-services';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Sessions } from '#plane/domain/auth/sessions';

/** What handlers share beside the database: made once at the start of the plane. */
export interface PlaneServices {
  readonly secrets: Secrets;
  readonly sessions: Sessions;
  readonly fleet: FleetServices;
  /** Renders profiles to check them; absent where the plane was started without Helm. */
  readonly renderer: Renderer | undefined;
  /** Where users and agents reach this plane, without a slash at the end. */
  readonly publicUrl: string;
}
