import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createSelfSigned } from '#provider/terraform/transport/certificate';

/** A project as the API stores it. */
interface Project {
  metadata: { name: string; uid: string; labels?: Record<string, string>; annotations?: Record<string, string> };
}

/** The few operations of the API that projects need, for tests of the provider itself; TLS and the key are real. */
export interface FakeApi {
  readonly host: string;
  readonly apiKey: string;
  /** PEM of the certificate to trust. */
  readonly ca: string;
  readonly projects: Map<string, Project>;
  /** Every request so far, as `METHOD path`. */
  readonly requests: string[];
  /** Requests whose `METHOD path` begins with this wait until `release` is called. */
  hold(prefix: string): { readonly arrived: Promise<void>; release(): void };
  close(): Promise<void>;
}

const PROJECT_PATH = /^\/v1\/projects\/([^/?]+)$/;

export async function startFakeApi(): Promise<FakeApi> {
  const { certificate, privateKey } = createSelfSigned();
  const apiKey = 'test-key-0123456789';
  const projects = new Map<string, Project>();
  const requests: string[] = [];
  const holds: { prefix: string; arrived: () => void; released: Promise<void> }[] = [];
  projects.set('p-default', { metadata: { name: 'Default', uid: 'p-default' } });
  let next = 1;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    const line = `${method} ${url}`;
    requests.push(line);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // as: without an encoding these are buffers
    const held = holds.find(({ prefix }) => line.startsWith(prefix));
    held?.arrived();
    await held?.released;
    const send = (status: number, body?: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': `r-${requests.length}` });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    const refuse = (status: number, code: string, message: string): void =>
      send(status, { code, message, details: null, ref: 'r' });
    if (request.headers['apikey'] !== apiKey) return refuse(401, 'InvalidApiKey', 'the API key is not valid');
    const text = Buffer.concat(chunks).toString('utf8');
    // as: the provider sends what the contract says
    const body = text === '' ? undefined : (JSON.parse(text) as Project);
    if (line.startsWith('GET /v1/dashboard/projects/metadata')) {
      return send(200, {
        items: [...projects.values()].map(({ metadata }) => ({ metadata: { name: metadata.name, uid: metadata.uid } })),
      });
    }
    if (line === 'POST /v1/projects' && body !== undefined) {
      if ([...projects.values()].some(({ metadata }) => metadata.name === body.metadata.name)) {
        return refuse(409, 'ProjectExists', `there is a project ${body.metadata.name} already`);
      }
      const uid = (next++).toString(16).padStart(24, '0');
      projects.set(uid, { metadata: { ...body.metadata, uid } });
      return send(201, { uid });
    }
    const uid = PROJECT_PATH.exec(url)?.[1] ?? '';
    const project = projects.get(uid);
    if (project === undefined) return refuse(404, 'ResourceNotFound', `there is no ${url}`);
    if (method === 'GET') return send(200, { ...project, spec: {}, status: {} });
    if (method === 'PUT' && body !== undefined) {
      projects.set(uid, { metadata: { ...body.metadata, uid } });
      return send(204);
    }
    if (method === 'DELETE') {
      projects.delete(uid);
      return send(204);
    }
    return refuse(405, 'MethodNotAllowed', line);
  };

  const server: Server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    void answer(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // as: it listens on TCP
  return {
    host: `localhost:${port}`,
    apiKey,
    ca: certificate,
    projects,
    requests,
    hold(prefix) {
      let release = (): void => undefined;
      let arrived = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const arrival = new Promise<void>((resolve) => (arrived = resolve));
      const entry = { prefix, arrived: () => arrived(), released };
      holds.push(entry);
      return {
        arrived: arrival,
        release() {
          holds.splice(holds.indexOf(entry), 1);
          release();
        },
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
