// Made by scripts/generate-openapi.mjs from openapi/local/openapi.yaml. Change the contract, not this file.
export interface paths {
    "/v1/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the agent answers */
        get: operations["ping"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/default/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins a session
         * @description After three wrong passwords each answer takes longer, after five the name is locked for 15 minutes (429), unless configured otherwise.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/default/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the session */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/default/token/renewal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new session in place of this one */
        post: operations["renewToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/default/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes one's own password; other sessions of the user end */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["getCurrentUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes what is shown of one */
        patch: operations["updateCurrentUser"];
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may sign in */
        get: operations["listUsers"];
        put?: never;
        /** Adds a user, who changes the password at the first session */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a user and ends the sessions of that user; the last administrator stays */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the page needs to know before anybody signs in */
        get: operations["getSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cluster at a glance */
        get: operations["getCluster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Conditions and policy */
        get: operations["getClusterDetails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster/resync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compares every object with the desired state now */
        post: operations["resyncCluster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Packs and how they are */
        get: operations["listApplications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Profiles in force */
        get: operations["listProfiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster/profiles/variables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Variables that are left to people at the cluster */
        get: operations["listVariables"];
        /** Sets variables here; those that are not named stay */
        put: operations["setVariables"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster/profiles/variables/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What would be wrong with values, without setting them */
        post: operations["validateVariables"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes from outside, the newest first */
        get: operations["listDrift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Day-2 actions that are under way and those that ended of late, the newest first */
        get: operations["listActions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened, the newest first */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/cluster/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as it happens
         * @description Server-sent events. `changed`: the status is another one; `event`: data of schema Event; `drift`: of schema Drift. Resumes after Last-Event-ID as far as it is remembered.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/clusters/current/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Nodes of the cluster */
        get: operations["listNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The host that the agent runs on */
        get: operations["getHost"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/connectivity/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the plane and the API server can be reached from here */
        get: operations["pingPlane"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current/actions/upload-content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings a signed bundle with this cluster's desired state; one at a time */
        post: operations["uploadContent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current/actions/content/signing-public-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys that what is brought must be signed with */
        get: operations["listSigningKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current/uploaded-content/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Bundles that were brought since the agent started, the newest first */
        get: operations["listUploadedContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current/generate-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a diagnostics bundle */
        post: operations["generateLogs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current/generate-logs-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the diagnostics bundle is */
        get: operations["getLogsStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current/download-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The diagnostics bundle that was made last */
        get: operations["downloadLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current/error-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest warnings and errors of the agent's log */
        get: operations["listErrorLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current/audits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what, the newest first */
        get: operations["listAudits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current/audits/filters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What audits can be asked for by */
        get: operations["listAuditFilters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edge-mgmt/edgehosts/current/audits/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log as it is written (RFC 5424), the oldest first */
        get: operations["downloadAudits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Action: {
            runId: string;
            /** @description What is done: `backup`, `scan`, ... */
            type: string;
            /** @enum {string} */
            origin: "command" | "schedule";
            scheduleId?: string;
            /**
             * @description `waiting`: for a maintenance window, or for another one to end
             * @enum {string}
             */
            phase: "waiting" | "running" | "done" | "failed" | "cancelled";
            /** @description What it is at */
            step: string;
            percent?: number;
            message: string;
            /** Format: date-time */
            askedAt: string;
            /** Format: date-time */
            startedAt?: string;
            /** Format: date-time */
            endedAt?: string;
        };
        Application: {
            name: string;
            version: string;
            layer: string;
            profile: components["schemas"]["ProfileName"];
            /** @enum {string} */
            condition: "Pending" | "Applying" | "NotReady" | "Ready" | "Error";
            message: string;
            objects: number;
            installPriority: number;
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            endedAt?: string;
            problems: components["schemas"]["Problem"][];
        };
        Audit: {
            id: string;
            /** Format: date-time */
            at: string;
            edgeHostId: string;
            actor: string;
            /** @enum {string} */
            actorType: "user" | "anonymous" | "agent";
            action: string;
            /** @enum {string} */
            actionType: "create" | "update" | "delete" | "activity" | "action";
            resourceKind: string;
            resourceId: string;
            resourceName: string;
            contentMsg: string;
        };
        Audits: {
            items: components["schemas"]["Audit"][];
            /** @description Where the next page begins; absent: there is none */
            continue?: string;
        };
        Cluster: {
            membership: components["schemas"]["Membership"];
            uid?: string;
            name?: string;
            agentVersion: string;
            /** @description Empty while it is not known */
            kubernetesVersion: string;
            /** @description Of the desired state in force; 0: none yet */
            revision: number;
            digest?: string;
            /** Format: date-time */
            issuedAt?: string;
            /** @enum {string} */
            lifecycle?: "active" | "deleting";
            /** @enum {string} */
            phase: "none" | "applying" | "applied" | "failed" | "cleaned";
            healthy: boolean;
            plane: {
                url?: string;
                reachable: boolean;
                /** @description The message bus is connected */
                bus: boolean;
            };
            counts: {
                packs: number;
                packsReady: number;
                objects: number;
                nodes: number;
                nodesReady: number;
                /** @description That are remembered */
                drifts: number;
            };
        };
        ClusterDetails: {
            conditions: components["schemas"]["Condition"][];
            policy: {
                drift?: string;
                resyncSeconds?: number;
                timezone?: string;
            };
        };
        Condition: {
            type: string;
            /** @enum {string} */
            status: "True" | "False" | "Unknown";
            reason: string;
            message: string;
            /** Format: date-time */
            lastTransitionAt: string;
        };
        Connectivity: {
            items: {
                address: string;
                ok: boolean;
                message: string;
                tookMs: number;
            }[];
        };
        CurrentUser: {
            user: components["schemas"]["User"];
            /** @description For callers with a cookie */
            csrfToken?: string;
            /** Format: date-time */
            expiresAt: string;
            /** @description Until then, for callers whose clock is another */
            secondsLeft: number;
        };
        Drift: {
            id: string;
            /** Format: date-time */
            at: string;
            object: components["schemas"]["Object"];
            layer: string;
            /** @enum {string} */
            change: "modified" | "deleted";
            /** @enum {string} */
            action: "healed" | "reported" | "ignored" | "failed";
            /** @description Who changed it, where the API server says */
            manager?: string;
            tookMs: number;
            message: string;
            diff: components["schemas"]["FieldChange"][];
        };
        Error: {
            code: string;
            message: string;
            details?: string[];
            retryAfterSeconds?: number;
        };
        Event: {
            id: string;
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            kind: "event" | "command" | "local";
            /** @enum {string} */
            severity: "info" | "warning" | "error";
            reason: string;
            message: string;
            object?: components["schemas"]["Object"];
            count: number;
        };
        FieldChange: {
            path: string;
            /** @description As it should be; masked where it is secret */
            before?: string;
            /** @description As it was found */
            after?: string;
        };
        Host: {
            hostname: string;
            platform: string;
            architecture: string;
            kernel: string;
            cpus: number;
            cpuModel?: string;
            memoryBytes: number;
            freeMemoryBytes: number;
            uptimeSeconds: number;
            loadAverage?: number[];
            addresses: {
                interface: string;
                address: string;
            }[];
            agent: {
                version: string;
                /** @description The runtime's version */
                node: string;
                memoryBytes: number;
                uptimeSeconds: number;
            };
        };
        LogLine: {
            /** Format: date-time */
            at: string;
            level: string;
            message: string;
        };
        Login: {
            userName: string;
            password: components["schemas"]["Password"];
        };
        LogsStatus: {
            /** @enum {string} */
            state: "none" | "running" | "ready" | "failed";
            /** Format: date-time */
            startedAt?: string;
            /** Format: date-time */
            endedAt?: string;
            bytes?: number;
            message?: string;
        };
        /**
         * @description `standby`: another replica of the agent works; `waiting`: for an import manifest
         * @enum {string}
         */
        Membership: "starting" | "standby" | "waiting" | "member";
        NewUser: {
            name: components["schemas"]["UserName"];
            role: components["schemas"]["Role"];
            password: components["schemas"]["Password"];
            displayName?: string;
        };
        Node: {
            name: string;
            ready: boolean;
            kubeletVersion: string;
        };
        Object: {
            apiVersion: string;
            kind: string;
            namespace?: string;
            name: string;
        };
        Password: string;
        PasswordReset: {
            currentPassword: components["schemas"]["Password"];
            newPassword: components["schemas"]["Password"];
        };
        Problem: {
            object: components["schemas"]["Object"];
            field?: string;
            message: string;
        };
        Profile: {
            uid: string;
            name: string;
            version: string;
            packs: string[];
        };
        ProfileName: {
            uid: string;
            name: string;
            version: string;
        };
        /** @enum {string} */
        Role: "admin" | "viewer";
        Session: {
            Token: {
                /** @description Empty when a cookie was asked for */
                Authorization: string;
            };
            /** @description For callers with a cookie */
            csrfToken?: string;
            user: components["schemas"]["User"];
            /** Format: date-time */
            expiresAt: string;
            /** @description Until then, for callers whose clock is another */
            secondsLeft: number;
        };
        Settings: {
            title: string;
            agentVersion: string;
            sessionSeconds: number;
            extendedSessionSeconds: number;
            maxUploadBytes: number;
            links: {
                title: string;
                url: string;
            }[];
        };
        SigningKeys: {
            /** @description Whose desired states the agent takes */
            desiredState: {
                kid: string;
                kty: string;
                crv: string;
                x: string;
            }[];
            /** @description Ids of the keys that bundles must be signed with; empty: whoever signed them */
            bundle: string[];
        };
        UploadedContent: {
            id: string;
            /** Format: date-time */
            at: string;
            by: string;
            /**
             * @description `waiting`: it is whole; the agent takes it when it can
             * @enum {string}
             */
            state: "taken" | "waiting" | "refused";
            /** @description Of the bundle; empty when it could not be read */
            name: string;
            digest: string;
            revision?: number;
            packs: number;
            message: string;
        };
        User: {
            name: components["schemas"]["UserName"];
            role: components["schemas"]["Role"];
            /** @description Until then nothing else is allowed */
            mustChangePassword: boolean;
            displayName?: string;
        };
        UserName: string;
        Validation: {
            valid: boolean;
            problems: {
                variable: string;
                message: string;
            }[];
        };
        Variable: {
            name: string;
            displayName?: string;
            description?: string;
            /** @enum {string} */
            format: "string" | "number" | "boolean" | "ipv4" | "ipv4cidr" | "ipv6" | "version" | "base64";
            /** @enum {string} */
            inputType: "text" | "dropdown" | "multiline";
            options: {
                value: string;
                label?: string;
                description?: string;
            }[];
            regex?: string;
            required: boolean;
            /** @description Set once, at the cluster, it stays */
            immutable: boolean;
            isSensitive: boolean;
            hasValue: boolean;
            /** @description Absent when the variable is sensitive */
            value?: string;
            /** @enum {string} */
            source: "plane" | "local";
        };
        VariableValues: {
            /** @description By name; null: as the plane has it */
            values: {
                [key: string]: string | null;
            };
        };
        Variables: {
            /** @description Whether the desired state leaves variables to people at the cluster */
            settable: boolean;
            items: components["schemas"]["Variable"][];
        };
    };
    responses: {
        /** @description It was not done; the body says why */
        Error: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ping: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ok: true;
                    };
                };
            };
        };
    };
    login: {
        parameters: {
            query?: {
                /** @description A cookie instead of a token */
                setCookie?: boolean;
                /** @description 24 hours instead of 2 */
                extendedSession?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    renewToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Renewed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description Changed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    getCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentUser"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    updateCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    displayName: string;
                };
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Users by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["User"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description Added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the user */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    getSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    getCluster: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cluster */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    getClusterDetails: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Details */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterDetails"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    resyncCluster: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message: string;
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listApplications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order in which they are applied */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Application"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listProfiles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Profiles */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Profile"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listVariables: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Variables */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Variables"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    setVariables: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VariableValues"];
            };
        };
        responses: {
            /** @description As they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Variables"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    validateVariables: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VariableValues"];
            };
        };
        responses: {
            /** @description The problems */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Validation"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listDrift: {
        parameters: {
            query?: {
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Drift */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Drift"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listActions: {
        parameters: {
            query?: {
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Actions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Action"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Event"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    streamEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listNodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Node"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    getHost: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The host */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    pingPlane: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connectivity"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    uploadContent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": Uint8Array;
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The bundle
                     */
                    uploadFile: Uint8Array;
                    /** @description The signature that the bundle carries; another one is refused */
                    signature?: string;
                };
            };
        };
        responses: {
            /** @description The agent took it or will */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedContent"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listSigningKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKeys"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listUploadedContent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Bundles */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["UploadedContent"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    generateLogs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogsStatus"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    getLogsStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogsStatus"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    downloadLogs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A tar.gz */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": Uint8Array;
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listErrorLogs: {
        parameters: {
            query?: {
                /** @description At most so many */
                logCount?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LogLine"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listAudits: {
        parameters: {
            query?: {
                /** @description Not before */
                startTime?: string;
                /** @description Not after */
                endTime?: string;
                /** @description Only what this user did */
                userUid?: string;
                /** @description Only of this kind */
                resourceKind?: string;
                /** @description Only of this type */
                actionType?: "create" | "update" | "delete" | "activity" | "action";
                /** @description At most so many */
                limit?: number;
                /** @description Where a former page ended */
                continue?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Audits"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listAuditFilters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Values that occur */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        users: string[];
                        resourceKinds: string[];
                        actionTypes: string[];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    downloadAudits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: components["responses"]["Error"];
        };
    };
}
