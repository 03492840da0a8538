/** Where each operation is, and who may ask for it. */
import type { OperationId } from './contract.ts';

/** `public`: anybody; `signed in`: also who must change the password first; viewers may read, administrators do the rest. */
export type Access = 'public' | 'signed in' | 'viewer' | 'admin';

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly access: Access;
}

const at = (method: Operation['method'], path: string, access: Access): Operation => ({ method, path, access });
const HOST = '/v1/edge-mgmt/edgehosts/current';
const CLUSTER = '/v1/edge-mgmt/cluster';

export const OPERATIONS = {
  ping: at('GET', '/v1/ping', 'public'),
  login: at('POST', '/v1/users/default/login', 'public'),
  logout: at('POST', '/v1/users/default/logout', 'signed in'),
  renewToken: at('POST', '/v1/users/default/token/renewal', 'signed in'),
  resetPassword: at('POST', '/v1/users/default/password/reset', 'signed in'),
  getCurrentUser: at('GET', '/v1/users/current', 'signed in'),
  updateCurrentUser: at('PATCH', '/v1/users/current', 'viewer'),
  listUsers: at('GET', '/v1/users', 'admin'),
  createUser: at('POST', '/v1/users', 'admin'),
  deleteUser: at('DELETE', '/v1/users/{name}', 'admin'),
  getSettings: at('GET', '/v1/edge-mgmt/settings', 'public'),
  getCluster: at('GET', CLUSTER, 'viewer'),
  getClusterDetails: at('GET', `${CLUSTER}/details`, 'viewer'),
  resyncCluster: at('POST', `${CLUSTER}/resync`, 'admin'),
  listApplications: at('GET', `${CLUSTER}/applications`, 'viewer'),
  listProfiles: at('GET', `${CLUSTER}/profiles`, 'viewer'),
  listVariables: at('GET', `${CLUSTER}/profiles/variables`, 'viewer'),
  setVariables: at('PUT', `${CLUSTER}/profiles/variables`, 'admin'),
  validateVariables: at('POST', `${CLUSTER}/profiles/variables/validate`, 'viewer'),
  listDrift: at('GET', `${CLUSTER}/drift`, 'viewer'),
  listActions: at('GET', `${CLUSTER}/actions`, 'viewer'),
  listEvents: at('GET', `${CLUSTER}/events`, 'viewer'),
  streamEvents: at('GET', `${CLUSTER}/events/stream`, 'viewer'),
  listNodes: at('GET', '/v1/edge-mgmt/clusters/current/nodes', 'viewer'),
  getHost: at('GET', HOST, 'viewer'),
  pingPlane: at('GET', '/v1/edge-mgmt/edgehosts/connectivity/ping', 'viewer'),
  uploadContent: at('POST', `${HOST}/actions/upload-content`, 'admin'),
  listSigningKeys: at('GET', `${HOST}/actions/content/signing-public-key`, 'viewer'),
  listUploadedContent: at('GET', `${HOST}/uploaded-content/details`, 'viewer'),
  generateLogs: at('POST', `${HOST}/generate-logs`, 'admin'),
  getLogsStatus: at('GET', `${HOST}/generate-logs-status`, 'admin'),
  downloadLogs: at('GET', `${HOST}/download-logs`, 'admin'),
  listErrorLogs: at('GET', `${HOST}/error-logs`, 'admin'),
  listAudits: at('GET', `${HOST}/audits`, 'admin'),
  listAuditFilters: at('GET', `${HOST}/audits/filters`, 'admin'),
  downloadAudits: at('GET', `${HOST}/audits/download`, 'admin'),
} as const satisfies Record<OperationId, Operation>;

export type Found =
  | {
      readonly kind: 'operation';
      readonly id: OperationId;
      readonly operation: Operation;
      readonly params: Record<string, string>;
    }
  | { readonly kind: 'other method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

/** Which operation a request asks for. */
export function findOperation(method: string, path: string): Found {
  const allowed: string[] = [];
  for (const [id, operation] of Object.entries(OPERATIONS)) {
    const params = paramsOf(operation.path, path);
    if (!params) continue;
    // The keys of the table are its own.
    if (operation.method === method) return { kind: 'operation', id: id as OperationId, operation, params };
    allowed.push(operation.method);
  }
  return allowed.length > 0 ? { kind: 'other method', allowed } : { kind: 'none' };
}

function paramsOf(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const found = given[at] ?? '';
    if (part.startsWith('{')) {
      try {
        params[part.slice(1, -1)] = decodeURIComponent(found);
      } catch {
        return undefined;
      }
    } else if (part !== found) return undefined;
  }
  return params;
}
