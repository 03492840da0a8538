import type { Bootstrap } from '../identity/identity.ts';
import type { Network, OpenNetwork } from './network.ts';
import { createPlaneClient, type PlaneClient } from './rest.ts';

export interface PlaneTarget extends Pick<Bootstrap, 'planeUrl' | 'ca' | 'proxy'> {
  readonly clusterUid: string;
  /** Further addresses of the plane, as they are known now. */
  readonly planeUrls?: () => readonly string[];
  readonly accessToken?: () => string | undefined;
}

export interface PlaneConnector {
  /** The way out to a plane and what belongs to it; `bundles` are trusted besides. */
  network(target: PlaneTarget, bundles?: () => readonly (string | undefined)[]): Network;
  connect(target: PlaneTarget, network?: Network): PlaneClient;
}

/**
 * Connects to planes.
 *
 * @param invitation what the bootstrap secret says now: proxies and CA of the same plane may be changed there while the agent runs
 */
export function planeConnector({
  open,
  invitation,
  onDate,
}: {
  readonly open: OpenNetwork;
  readonly invitation: () => Bootstrap | undefined;
  readonly onDate?: ((date: Date) => void) | undefined;
}): PlaneConnector {
  const network: PlaneConnector['network'] = (target, bundles) =>
    open({
      settings: () => {
        const now = invitation();
        const same = now?.planeUrl === target.planeUrl && now.clusterUid === target.clusterUid;
        return same ? now : target;
      },
      ...(bundles ? { bundles } : {}),
    });
  return {
    network,
    connect: (target, way = network(target)) =>
      createPlaneClient({
        urls: () => [target.planeUrl, ...(target.planeUrls?.() ?? [])],
        network: way,
        accessToken: target.accessToken ?? (() => undefined),
        onDate,
      }),
  };
}
