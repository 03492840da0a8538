// Made by scripts/generate-openapi.mjs from openapi/openapi.yaml. Change the contract, not this file.
export interface paths {
    "/v1/dashboard/projects/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List names and identifiers of the projects that the caller may see */
        get: operations["v1ProjectsMetadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a project */
        post: operations["v1ProjectsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a project */
        get: operations["v1ProjectsUidGet"];
        /** Replace the metadata and the members of a project */
        put: operations["v1ProjectsUidUpdate"];
        post?: never;
        /** Delete a project; with cleanup also what is in it */
        delete: operations["v1ProjectsUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the components that alerts can be about, with the channels that each supports */
        get: operations["v1ProjectsAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{uid}/alerts/{component}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set all channels of a component at once; none removes the alert
         * @description A channel that is sent with the uid of one that exists stays that one, and so does one of the same content.
         */
        put: operations["v1ProjectsUidAlertUpdate"];
        /** Add a channel */
        post: operations["v1ProjectsUidAlertCreate"];
        /** Remove all channels of a component */
        delete: operations["v1ProjectsUidAlertDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{uid}/alerts/{component}/{alertUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a channel */
        get: operations["v1ProjectsUidAlertsUidGet"];
        /** Change a channel */
        put: operations["v1ProjectsUidAlertsUidUpdate"];
        post?: never;
        /** Remove a channel */
        delete: operations["v1ProjectsUidAlertsUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{uid}/alerttest/{component}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test over each active channel of a component now, and say how that went
         * @description Beyond Palette's API. Sent again, it sends again.
         */
        post: operations["v1ProjectsUidAlertTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{uid}/alerthistory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the newest alerts of a project, newest first
         * @description Beyond Palette's API. Alerts are kept for 30 days.
         */
        get: operations["v1ProjectsUidAlertHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what waits for a decision, the newest first
         * @description Packs of which the registry has a newer release than the newest version of a profile has, and clusters that wait
         *     for a maintenance window of their template or for a value. A notification is there for as long as its cause is.
         */
        get: operations["v1NotificationsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{objectKind}/{objectUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what of one object waits for a decision */
        get: operations["v1NotificationsObjTypeUidList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{uid}/ack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Note that a notification was seen */
        patch: operations["v1NotificationsUidAck"];
        trace?: never;
    };
    "/v1/notifications/{uid}/done": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Note that what a notification asks for was done, or shall not be */
        patch: operations["v1NotificationsUidDone"];
        trace?: never;
    };
    "/v1/events/components": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List events of the clusters that the caller sees, newest first */
        get: operations["v1EventsComponentsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/components/{objectKind}/{objectUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events of one object, newest first
         * @description Filters beyond Palette's: `severity=error`, `reason=…`. The same thing again is one event, whose annotation `count`
         *     says how often and whose `lastModifiedTimestamp` when last.
         */
        get: operations["v1EventsComponentsObjTypeUidList"];
        put?: never;
        post?: never;
        /** Delete the events of one object */
        delete: operations["v1EventsComponentsObjTypeUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{uid}/macros": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the macros of a project */
        get: operations["v1ProjectsUidMacrosList"];
        /** Replace the macros of a project as a whole */
        put: operations["v1ProjectsUidMacrosUpdate"];
        /** Add macros to a project */
        post: operations["v1ProjectsUidMacrosCreate"];
        /** Delete macros of a project by name */
        delete: operations["v1ProjectsUidMacrosDeleteByMacroName"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenantUid}/macros": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the macros of the tenant */
        get: operations["v1TenantsUidMacrosList"];
        /** Replace the macros of the tenant as a whole */
        put: operations["v1TenantsUidMacrosUpdate"];
        /** Add macros to the tenant */
        post: operations["v1TenantsUidMacrosCreate"];
        /** Delete macros of the tenant by name */
        delete: operations["v1TenantsUidMacrosDeleteByMacroName"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterprofiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a cluster profile as a draft, layers and variables included */
        post: operations["v1ClusterProfilesCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterprofiles/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a cluster profile of an exported one */
        post: operations["v1ClusterProfilesImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterprofiles/import/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a cluster profile of the file of an exported one */
        post: operations["v1ClusterProfilesImportFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterprofiles/import/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what an import would find, registries by name, without making anything */
        post: operations["v1ClusterProfilesImportValidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterprofiles/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a cluster profile: its published form and its draft */
        get: operations["v1ClusterProfilesGet"];
        /** Replace the layers of a cluster profile */
        put: operations["v1ClusterProfilesUpdate"];
        post?: never;
        /** Delete a cluster profile that no cluster uses */
        delete: operations["v1ClusterProfilesDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterprofiles/{uid}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Copy a cluster profile to another name, version or scope */
        post: operations["v1ClusterProfilesUidClone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterprofiles/{uid}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export a cluster profile as a file that can be imported */
        get: operations["V1ClusterProfilesUidExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterprofiles/{uid}/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the name, description, labels or version of a cluster profile */
        patch: operations["v1ClusterProfilesUidMetadataUpdate"];
        trace?: never;
    };
    "/v1/clusterprofiles/{uid}/packs/{packName}/manifests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the manifests attached to one pack of a profile, contents included */
        get: operations["v1ClusterProfilesUidPacksUidManifests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterprofiles/{uid}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Publish the draft of a cluster profile, so that clusters can take it */
        patch: operations["v1ClusterProfilesPublish"];
        trace?: never;
    };
    "/v1/clusterprofiles/{uid}/variables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the variable definitions of a cluster profile */
        get: operations["V1ClusterProfilesUidVariablesGet"];
        /** Replace the variable definitions of a cluster profile */
        put: operations["V1ClusterProfilesUidVariablesPut"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Add or replace single variable definitions of a cluster profile, by name */
        patch: operations["V1ClusterProfilesUidVariablesPatch"];
        trace?: never;
    };
    "/v1/profilesettings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What holds for the versions of a project's profiles, or of the tenant's */
        get: operations["v1ProfileSettingsGet"];
        /**
         * Set what holds for the versions of a project's profiles, or of the tenant's
         * @description With `versions: immutable` every published version of the scope is sealed, those that exist included. Setting it
         *     back to `mutable` opens no version that is sealed.
         */
        put: operations["v1ProfileSettingsUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/profileversions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List versions of cluster profiles with their digests, the newest of a name first */
        get: operations["v1ProfileVersionsList"];
        put?: never;
        /**
         * Publish a version of a cluster profile, once and for all
         * @description Packs are found by registry, name and version; of a layer that is resolved the content must be the one it names.
         *     The same content may be published again and is answered alike. Another content under a version that exists is
         *     refused with 409, code `ProfileVersionExists`, and the differences in `details`. From then on the version is
         *     sealed.
         */
        post: operations["v1ProfileVersionsPublish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/profileversions/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what a published version is, as a value that can be published elsewhere
         * @description Each layer names the pack that it stands for by its content. 404 for a profile that is a draft alone.
         */
        get: operations["v1ProfileVersionsUidGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/profileversions/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish a version of another project, or of the tenant, in this one
         * @description The content stays what it is, and so does its digest. The version is sealed here.
         */
        post: operations["v1ProfileVersionsPromote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dashboard/clusterprofiles/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List names, versions and scopes of every cluster profile in reach */
        get: operations["v1ClusterProfilesMetadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/packs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List packs, one entry for each version */
        get: operations["v1PacksSummaryList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/packs/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search packs by layer, type, registry and name, one entry for each name */
        post: operations["v1PacksSearch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/packs/{packName}/registries/{registryUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a pack in one registry with the tags it has there */
        get: operations["v1PacksNameRegistryUidList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/packs/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one version of a pack: values, schema, presets and readme */
        get: operations["v1PacksUid"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/helm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Helm registries */
        get: operations["v1RegistriesHelmList"];
        put?: never;
        /** Register a Helm registry */
        post: operations["v1RegistriesHelmCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/helm/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a Helm registry */
        get: operations["v1RegistriesHelmUidGet"];
        /**
         * Change a Helm registry
         * @description A secret that is left out stays as it is, as long as the endpoint does.
         */
        put: operations["v1RegistriesHelmUidUpdate"];
        post?: never;
        /** Remove a Helm registry and what was found in it */
        delete: operations["v1RegistriesHelmUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/helm/{uid}/sync/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how the last synchronisation of a Helm registry went */
        get: operations["v1RegistriesHelmUidSyncStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List names, kinds and identifiers of every registry */
        get: operations["v1RegistriesMetadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the OCI registries */
        get: operations["v1OciRegistriesSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/{uid}/basic/sync/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how the last synchronisation of an OCI registry went */
        get: operations["v1BasicOciRegistriesUidSyncStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/pack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the pack registries */
        get: operations["v1RegistriesPackList"];
        put?: never;
        /** Register a pack registry that stands elsewhere */
        post: operations["v1RegistriesPackCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/pack/{uid}/sync/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how the last synchronisation of a pack registry went */
        get: operations["v1RegistriesPackUidSyncStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/packs/{packUid}/logo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the logo of a pack, a PNG image */
        get: operations["v1PacksPackUidLogo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/packs/{uid}/readme": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what a pack says about itself */
        get: operations["v1PacksUidReadme"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/helm/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Helm registries in short */
        get: operations["v1RegistriesHelmSummaryList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/helm/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try whether a Helm registry can be read, without storing anything */
        post: operations["V1RegistriesHelmValidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/helm/{uid}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Synchronise a Helm registry now */
        post: operations["v1RegistriesHelmUidSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/basic": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register an OCI registry */
        post: operations["v1BasicOciRegistriesCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/basic/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try whether an OCI registry can be read, without storing anything */
        post: operations["v1BasicOciRegistriesValidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/ecr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register an Amazon ECR registry */
        post: operations["v1EcrRegistriesCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/ecr/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try whether an Amazon ECR registry can be read, without storing anything */
        post: operations["v1EcrRegistriesValidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an OCI registry of either type, without its secrets */
        get: operations["v1OciRegistriesGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/{uid}/basic": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an OCI registry, without its secrets */
        get: operations["v1BasicOciRegistriesUidGet"];
        /**
         * Change an OCI registry
         * @description A secret that is left out stays as it is, as long as the endpoint does.
         */
        put: operations["v1BasicOciRegistriesUidUpdate"];
        post?: never;
        /** Remove an OCI registry and what was found in it */
        delete: operations["v1BasicOciRegistriesUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/{uid}/basic/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Synchronise an OCI registry now */
        post: operations["v1BasicOciRegistriesUidSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/{uid}/ecr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an Amazon ECR registry, without its secrets */
        get: operations["v1EcrRegistriesUidGet"];
        /**
         * Change an Amazon ECR registry
         * @description A secret that is left out stays as it is, as long as the endpoint does.
         */
        put: operations["v1EcrRegistriesUidUpdate"];
        post?: never;
        /** Remove an Amazon ECR registry and what was found in it */
        delete: operations["v1EcrRegistriesUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/{uid}/ecr/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Synchronise an Amazon ECR registry now */
        post: operations["v1EcrRegistriesUidSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/oci/{uid}/ecr/sync/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how the last synchronisation of an Amazon ECR registry went */
        get: operations["v1EcrRegistriesUidSyncStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/pack/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the pack registries in short */
        get: operations["v1RegistriesPackSummaryList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/pack/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try whether a pack registry can be read, without storing anything */
        post: operations["V1RegistriesPackValidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/pack/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a pack registry, without its secrets */
        get: operations["v1RegistriesPackUidGet"];
        /**
         * Change a pack registry
         * @description A secret that is left out stays as it is, as long as the endpoint does.
         */
        put: operations["v1RegistriesPackUidUpdate"];
        post?: never;
        /** Remove a pack registry and what was found in it */
        delete: operations["v1RegistriesPackUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/pack/{uid}/packs/{packName}/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove one version of a pack from the plane's own registry
         * @description Beyond Palette's API. Refused with 409 and code `PackInUse` while a cluster profile names it.
         */
        delete: operations["v1RegistriesPackUidPacksDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/pack/{uid}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Synchronise a pack registry now */
        post: operations["v1RegistriesPackUidSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/{registryName}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read where a registry stands, without its secrets */
        get: operations["v1RegistriesNameConfigGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a registry of any kind and what was found in it */
        delete: operations["v1RegistriesUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/{uid}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who may use a registry, how much it may hold, and whose signatures it demands
         * @description Beyond Palette's API.
         */
        get: operations["v1RegistriesUidSettingsGet"];
        /**
         * Set who may use a registry, how much it may hold, and whose signatures it demands
         * @description Beyond Palette's API. What is left out takes its default.
         */
        put: operations["v1RegistriesUidSettingsUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dashboard/spectroclusters/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search clusters by filter and read a summary of each */
        post: operations["v1SpectroClustersSearchFilterSummary"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dashboard/spectroclusters/{uid}/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the summary of one cluster */
        get: operations["v1SpectroClustersSummaryUidOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/apache-cloudstack/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register an existing CloudStack cluster, to be joined by its import manifest */
        post: operations["v1SpectroClustersCloudStackImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/aws/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register an existing AWS cluster, to be joined by its import manifest */
        post: operations["v1SpectroClustersAwsImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/azure/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register an existing Azure cluster, to be joined by its import manifest */
        post: operations["v1SpectroClustersAzureImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/gcp/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register an existing Google Cloud cluster, to be joined by its import manifest */
        post: operations["v1SpectroClustersGcpImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/generic/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register an existing Kubernetes cluster, to be joined by its import manifest */
        post: operations["v1SpectroClustersGenericImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a cluster: specification, attached profiles and status */
        get: operations["v1SpectroClustersGet"];
        put?: never;
        post?: never;
        /** Delete a cluster: its agent removes what it brought, then is revoked */
        delete: operations["v1SpectroClustersDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/assets/adminKubeconfig": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download the administrator kubeconfig of a cluster */
        get: operations["v1SpectroClustersUidAdminKubeConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/assets/kubeconfigclient": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download the kubeconfig for the users of a cluster */
        get: operations["v1SpectroClustersUidKubeConfigClientGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/import/manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download the manifest that makes an existing cluster join */
        get: operations["v1SpectroClustersUidImportManifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the name, labels or annotations of a cluster */
        patch: operations["v1SpectroClustersUidMetadataUpdate"];
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Detach profiles from a cluster */
        delete: operations["v1SpectroClustersDeleteProfiles"];
        options?: never;
        head?: never;
        /** Attach profiles to a cluster, or replace attached ones */
        patch: operations["v1SpectroClustersPatchProfiles"];
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/repave/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Agree to a pending repave of a cluster */
        patch: operations["v1SpectroClustersUidRepaveApproveUpdate"];
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/repave/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the state and the reasons of a repave */
        get: operations["v1SpectroClustersUidRepaveGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/upgrade/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let the platform components of a cluster upgrade by themselves, or hold them back */
        post: operations["v1SpectroClustersUidUpgradeSettings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/variables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the profile variables of a cluster with their values */
        get: operations["v1SpectroClustersUidVariablesGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set the values of profile variables for a cluster */
        patch: operations["v1SpectroClustersUidVariablesPatch"];
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/clusterConfig/clusterMetaAttribute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set the free-form attribute of a cluster */
        patch: operations["v1SpectroClustersUidClusterMetaAttributeUpdate"];
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/clusterConfig/hostCluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Make a cluster a host of virtual clusters, or end that */
        patch: operations["V1HostClusterConfigUpdate"];
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/clusterConfig/osPatch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set when the nodes of a cluster patch their operating system */
        patch: operations["v1SpectroClustersUidOsPatchUpdate"];
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/clusterConfig/timezone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set the time zone of a cluster */
        patch: operations["v1SpectroClustersUidTimezoneUpdate"];
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/config/namespaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the namespaces and quotas that a cluster is given */
        get: operations["v1SpectroClustersUidConfigNamespacesGet"];
        /** Replace the namespaces and quotas that a cluster is given */
        put: operations["v1SpectroClustersUidConfigNamespacesUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/config/rbacs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the role bindings that a cluster is given */
        get: operations["v1SpectroClustersUidConfigRbacsGet"];
        /** Replace the role bindings that a cluster is given */
        put: operations["v1SpectroClustersUidConfigRbacsUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the backup schedule of a cluster and past backups */
        get: operations["v1ClusterFeatureBackupGet"];
        /** Change the backup schedule of a cluster */
        put: operations["v1ClusterFeatureBackupUpdate"];
        /** Give a cluster a backup schedule */
        post: operations["v1ClusterFeatureBackupCreate"];
        /** Take the backup schedule of a cluster away */
        delete: operations["v1ClusterFeatureBackupScheduleReset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/complianceScan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the compliance scans of a cluster */
        get: operations["v1ClusterFeatureComplianceScanGet"];
        /** Change the compliance scans of a cluster */
        put: operations["v1ClusterFeatureComplianceScanUpdate"];
        /** Give a cluster compliance scans */
        post: operations["v1ClusterFeatureComplianceScanCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/complianceScan/onDemand": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Scan a cluster now
         * @description One scan begins for each driver whose `runScan` is set. The answer identifies the request; the scans that came of it
         *     name it as `status.requestUid`.
         */
        post: operations["v1ClusterFeatureComplianceScanOnDemandCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/complianceScan/logs/drivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the scans of a cluster by driver */
        get: operations["v1ClusterFeatureComplianceScanLogsGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/complianceScan/logs/{logUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a scan and what it found
         * @description 409 with code `ScanUnderWay` while it is under way.
         */
        delete: operations["v1ClusterFeatureComplianceScanLogDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/complianceScan/logs/{logUid}/drivers/kubeBench": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what kube-bench found */
        get: operations["v1ClusterFeatureKubeBenchLogGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/complianceScan/logs/{logUid}/drivers/kubeHunter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what kube-hunter found */
        get: operations["v1ClusterFeatureKubeHunterLogGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/complianceScan/logs/{logUid}/drivers/sonobuoy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how the conformance tests ended */
        get: operations["v1ClusterFeatureSonobuoyLogGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/complianceScan/logs/{logUid}/drivers/syft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read which images a scan looked at and what they are made of */
        get: operations["v1ClusterFeatureSyftLogGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/complianceScan/logs/{logUid}/drivers/syft/sbom": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download the bill of materials of an image */
        get: operations["v1SyftScanLogImageSBOMGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/complianceScan/logs/{logUid}/drivers/{driver}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download what a scan found */
        get: operations["v1ClusterFeatureDriverLogDownload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/k8certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read when the certificates of a control plane expire, as of the last look */
        get: operations["v1SpectroClustersK8Certificate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/k8certificates/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Renew the control plane certificates of a cluster */
        patch: operations["v1SpectroClustersCertificatesRenew"];
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/location": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set the geographical location of a cluster */
        put: operations["v1SpectroClustersUidLocationPut"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{uid}/clusterRbacs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a role binding to the clusters of a workspace */
        post: operations["v1WorkspacesClusterRbacCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/apache-cloudstack/{configUid}/machinePools/{machinePoolName}/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the machines of a CloudStack machine pool */
        get: operations["v1CloudConfigsCloudStackPoolMachinesList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/apache-cloudstack/{configUid}/machinePools/{machinePoolName}/machines/{machineUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one machine of a CloudStack machine pool */
        get: operations["v1CloudConfigsCloudStackPoolMachinesUidGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/aws/{configUid}/machinePools/{machinePoolName}/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the machines of a AWS machine pool */
        get: operations["v1CloudConfigsAwsPoolMachinesList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/aws/{configUid}/machinePools/{machinePoolName}/machines/{machineUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one machine of a AWS machine pool */
        get: operations["v1CloudConfigsAwsPoolMachinesUidGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/azure/{configUid}/machinePools/{machinePoolName}/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the machines of a Azure machine pool */
        get: operations["v1CloudConfigsAzurePoolMachinesList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/azure/{configUid}/machinePools/{machinePoolName}/machines/{machineUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one machine of a Azure machine pool */
        get: operations["v1CloudConfigsAzurePoolMachinesUidGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/gcp/{configUid}/machinePools/{machinePoolName}/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the machines of a Google Cloud machine pool */
        get: operations["v1CloudConfigsGcpPoolMachinesList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/gcp/{configUid}/machinePools/{machinePoolName}/machines/{machineUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one machine of a Google Cloud machine pool */
        get: operations["v1CloudConfigsGcpPoolMachinesUidGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/generic/{configUid}/machinePools/{machinePoolName}/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the machines of a generic machine pool */
        get: operations["v1CloudConfigsGenericPoolMachinesList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/generic/{configUid}/machinePools/{machinePoolName}/machines/{machineUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one machine of a generic machine pool */
        get: operations["v1CloudConfigsGenericPoolMachinesUidGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudconfigs/{cloudType}/{configUid}/machinePools/{machinePoolName}/machines/{machineUid}/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put a machine into maintenance or take it out */
        put: operations["v1CloudConfigsMachinePoolsMachineUidMaintenanceUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudaccounts/apache-cloudstack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Apache CloudStack accounts that the caller can use */
        get: operations["v1CloudAccountsCloudStackList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudaccounts/aws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the AWS accounts that the caller can use */
        get: operations["v1CloudAccountsAwsList"];
        put?: never;
        /** Store an AWS account */
        post: operations["v1CloudAccountsAwsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudaccounts/aws/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an AWS account, its secrets left out or masked */
        get: operations["v1CloudAccountsAwsGet"];
        /** Replace an AWS account */
        put: operations["v1CloudAccountsAwsUpdate"];
        post?: never;
        /** Delete an AWS account that no cluster uses */
        delete: operations["v1CloudAccountsAwsDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudaccounts/azure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Azure accounts that the caller can use */
        get: operations["v1CloudAccountsAzureList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudaccounts/cloudTypes/{cloudType}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the accounts of a custom cloud type */
        get: operations["v1CloudAccountsCustomList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudaccounts/gcp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the Google Cloud accounts that the caller can use */
        get: operations["v1CloudAccountsGcpList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudaccounts/maas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the MAAS accounts that the caller can use */
        get: operations["v1CloudAccountsMaasList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudaccounts/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List accounts of every cloud type in a short form */
        get: operations["v1CloudAccountsListSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cloudaccounts/vsphere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the vSphere accounts that the caller can use */
        get: operations["v1CloudAccountsVsphereList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clouds/aws/account/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check AWS credentials before they are stored */
        post: operations["V1AwsAccountValidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overlords/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a private cloud gateway */
        get: operations["v1OverlordsUidGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edgehosts/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the registration tokens of the tenant */
        get: operations["v1EdgeTokensList"];
        put?: never;
        /** Create a registration token */
        post: operations["v1EdgeTokensCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edgehosts/tokens/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a registration token */
        get: operations["v1EdgeTokensUidGet"];
        /** Change the name, expiry or default project of a registration token */
        put: operations["v1EdgeTokensUidUpdate"];
        post?: never;
        /** Delete a registration token */
        delete: operations["v1EdgeTokensUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/edgehosts/tokens/{uid}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Switch a registration token on or off */
        put: operations["v1EdgeTokensUidState"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apiKeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the API keys of the tenant, without the keys themselves */
        get: operations["v1ApiKeysList"];
        put?: never;
        /** Create an API key; the answer is the only place where it is shown */
        post: operations["v1ApiKeysCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apiKeys/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an API key: it stops working at once */
        delete: operations["v1ApiKeysUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/authenticate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchange e-mail address and password for a session token */
        post: operations["v1Authenticate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell who the caller is and which tenant the caller belongs to */
        get: operations["v1UsersInfoGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/appProfiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create an application profile with its tiers */
        post: operations["v1AppProfilesCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/appProfiles/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an application profile */
        get: operations["v1AppProfilesUidGet"];
        /** Replace an application profile and its tiers */
        put: operations["v1AppProfilesUidUpdate"];
        post?: never;
        /** Delete an application profile */
        delete: operations["v1AppProfilesUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/appProfiles/{uid}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Copy an application profile under another name or version */
        post: operations["v1AppProfilesUidClone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/appProfiles/{uid}/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change labels, annotations and version of an application profile */
        patch: operations["v1AppProfilesUidMetadataUpdate"];
        trace?: never;
    };
    "/v1/appProfiles/{uid}/tiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the tiers of an application profile in full */
        get: operations["v1AppProfilesUidTiersGet"];
        put?: never;
        /** Add a tier */
        post: operations["v1AppProfilesUidTiersCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/appProfiles/{uid}/tiers/{tierUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a tier */
        get: operations["v1AppProfilesUidTiersUidGet"];
        /** Change a tier */
        put: operations["v1AppProfilesUidTiersUidUpdate"];
        post?: never;
        /** Remove a tier */
        delete: operations["v1AppProfilesUidTiersUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/appProfiles/{uid}/tiers/{tierUid}/manifests/{manifestUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a manifest of a tier */
        get: operations["v1AppProfilesUidTiersUidManifestsUidGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dashboard/appProfiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search application profiles and read a summary of each */
        post: operations["v1DashboardAppProfiles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dashboard/appProfiles/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List names, versions and identifiers of application profiles */
        get: operations["v1DashboardAppProfilesMetadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterTemplates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a cluster template */
        post: operations["V1ClusterTemplatesCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterTemplates/spectroclusters/{clusterUid}/variables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set values that one cluster of a template gives */
        patch: operations["V1ClusterTemplatesUidSpectroClustersUidVariablesPatch"];
        trace?: never;
    };
    "/v1/clusterTemplates/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a cluster template with the stand of its clusters */
        get: operations["V1ClusterTemplatesUidGet"];
        put?: never;
        post?: never;
        /** Delete a cluster template that no cluster follows */
        delete: operations["V1ClusterTemplatesUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterTemplates/{uid}/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change name, labels and annotations of a cluster template */
        patch: operations["V1ClusterTemplatesUidMetadataUpdate"];
        trace?: never;
    };
    "/v1/clusterTemplates/{uid}/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Replace the policies of a cluster template */
        patch: operations["V1ClusterTemplatesUidPoliciesUpdate"];
        trace?: never;
    };
    "/v1/clusterTemplates/{uid}/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replace the profiles of a cluster template and their values */
        put: operations["V1ClusterTemplatesUidProfilesUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterTemplates/{uid}/profiles/variables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set values that a cluster template gives to single clusters */
        patch: operations["V1ClusterTemplatesUidProfilesVariablesPatch"];
        trace?: never;
    };
    "/v1/clusterTemplates/{uid}/profiles/{profileUid}/variables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read who gives which value to the variables of a profile of a template */
        get: operations["V1ClusterTemplatesUidProfilesProfileUidVariablesGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusterTemplates/{uid}/spectroclusters/{clusterUid}/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how far a cluster has followed its template */
        get: operations["V1ClusterTemplatesUidClusterReconcileClusterUidGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dashboard/clusterTemplates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search cluster templates and read a summary of each */
        post: operations["v1ClusterTemplatesFilterSummary"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dashboard/clusterTemplates/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List names and identifiers of cluster templates */
        get: operations["v1ClusterTemplatesMetadataGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dashboard/spcPolicies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search policies and read a summary of each */
        post: operations["v1SpcPoliciesFilterSummary"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dashboard/spcPolicies/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List names and identifiers of policies */
        get: operations["v1SpcPoliciesMetadataGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spcPolicies/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a maintenance policy */
        post: operations["V1SpcPoliciesMaintenanceCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spcPolicies/maintenance/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a maintenance policy */
        get: operations["V1SpcPoliciesMaintenanceUidGet"];
        /** Replace a maintenance policy */
        put: operations["V1SpcPoliciesMaintenanceUidUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spcPolicies/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a policy that no template names */
        delete: operations["V1SpcPoliciesUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/clusterTemplates/{uid}/clusters/upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Bring clusters to what their template says, in a maintenance window or not */
        patch: operations["V1SpectroClustersTemplatesUidClustersUpgrade"];
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/clusterTemplate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a cluster follow a template, or none
         * @description Beyond Palette's API, where only clusters that Palette makes can follow a template. The cluster runs what the
         *     template says at once; an empty `uid` takes the template's profiles off again.
         */
        put: operations["v1SpectroClustersUidClusterTemplateUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clustergroups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a cluster group */
        post: operations["v1ClusterGroupsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clustergroups/hostCluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the groups of host clusters with a summary of each */
        get: operations["v1ClusterGroupsHostClusterSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clustergroups/hostCluster/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List names and identifiers of the groups of host clusters */
        get: operations["v1ClusterGroupsHostClusterMetadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clustergroups/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a cluster group */
        get: operations["v1ClusterGroupsUidGet"];
        put?: never;
        post?: never;
        /** Delete a cluster group */
        delete: operations["v1ClusterGroupsUidDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clustergroups/{uid}/hostCluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replace the host clusters of a group and their settings */
        put: operations["v1ClusterGroupsUidHostClusterUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clustergroups/{uid}/meta": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change name, labels and annotations of a cluster group */
        put: operations["v1ClusterGroupsUidMetaUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clustergroups/{uid}/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replace the profiles of a cluster group */
        put: operations["v1ClusterGroupsUidProfilesUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join as the agent of a cluster with the one-time token of its import manifest
         * @description The token is spent by the first registration that succeeds. An unknown, spent or expired token is answered with 401 and code `InvalidRegistrationToken`.
         */
        post: operations["v1AgentsRegister"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for something to sign, as an agent whose access has ended
         * @description The answer says nothing about whether there is such a cluster. It is good for a minute.
         */
        post: operations["v1AgentsChallengesCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get new access with the signature of the agent's key on the bus
         * @description For an agent that was away longer than its access lasted. A challenge works once; one that is old, spent or another cluster's is answered with 401 and code `InvalidChallenge`, an agent that was revoked with `AgentRevoked`.
         */
        post: operations["v1AgentsCredentialsRecover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/self/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Wait until there is news for the caller's cluster
         * @description Held until there is a desired state with another digest, or a command after the cursor, or the time is over, and answered with 401 and code `AgentRevoked` as soon as the access ends. For agents that cannot reach the bus.
         */
        get: operations["v1AgentsChangesWait"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/self/desiredstate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the newest desired state of the caller's cluster, signed
         * @description 404 with code `NoDesiredState` until there is a first document.
         */
        get: operations["v1AgentsDesiredStateGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/self/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the commands that wait for the caller's cluster */
        get: operations["v1AgentsCommandsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/self/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver reports and a sign of life when the bus is out of reach
         * @description A report that was delivered before is known by its id and counts once.
         */
        post: operations["v1AgentsReportsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/self/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renew the caller's credentials before they expire */
        post: operations["v1AgentsCredentialsRenew"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/self/previews/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a question that the caller's cluster was asked, signed
         * @description The type in the signed header differs from that of a desired state, so that nothing can take it for one.
         */
        get: operations["v1AgentsPreviewsGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/self/packs/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a pack that the desired state of the caller's cluster names
         * @description Any other pack is refused with 403 and code `PackNotInDesiredState`.
         */
        get: operations["v1AgentsPacksGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what happens to clusters and other objects as server-sent events
         * @description The stream stays open; a comment line every 15 seconds keeps it so. After a break, the header `Last-Event-ID`
         *     continues after the event of that id; 410 says that the event is not kept any more.
         *
         *     Event names and their data: `cluster` (schema ClusterEvent), `drift` (schema DriftEvent), `refusal` (schema
         *     RefusalEvent), `event` (schema AgentEvent), `action` (how a day-2 action fares), `resource` (schema ResourceEvent).
         *
         *     A stream of a project has the project's events and those of the tenant's own objects; a stream of the tenant has
         *     all.
         */
        get: operations["v1EventsStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the clusters that run a cluster profile what a change of it would do
         * @description The plane composes for each cluster in reach what it would be asked to run, and the agents compare that with what
         *     is there by server-side dry runs. Nothing is changed anywhere. The answer says which clusters were asked;
         *     GET /v1/impacts/{uid} collects what they say. A caller sees the clusters of the project that the request names, or
         *     all of the tenant without one.
         *
         *     A profile or content that cannot be used at all is refused with 422; what stands against it in one cluster alone is
         *     said for that cluster (`refused`). 429 with code `TooManyImpacts` while too many questions are open. Offered when
         *     the header `Palette-Capabilities` of any answer names `impact`. Asking again asks anew and does no harm.
         */
        post: operations["v1ImpactsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impacts/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what the clusters have answered so far */
        get: operations["v1ImpactsUidGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impacts/{uid}/clusters/{clusterUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what would change in one cluster, object by object
         * @description Values of sensitive variables and the contents of Secrets are hidden by the cluster's agent.
         */
        get: operations["v1ImpactsUidClustersGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the backup locations that the project sees */
        get: operations["v1UsersAssetsLocationGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/azure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a backup location in Azure */
        post: operations["v1UsersAssetsLocationAzureCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/azure/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a backup location in Azure */
        get: operations["v1UsersAssetsLocationAzureGet"];
        /**
         * Change a backup location in Azure
         * @description Secrets that are left out stay as they are.
         */
        put: operations["v1UsersAssetsLocationAzureUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/gcp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a backup location in Google Cloud */
        post: operations["v1UsersAssetsLocationGcpCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/gcp/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a backup location in Google Cloud */
        get: operations["v1UsersAssetsLocationGcpGet"];
        /**
         * Change a backup location in Google Cloud
         * @description Secrets that are left out stay as they are.
         */
        put: operations["v1UsersAssetsLocationGcpUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/minio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a backup location in MinIO */
        post: operations["v1UsersAssetsLocationMinioCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/minio/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a backup location in MinIO */
        get: operations["v1UsersAssetsLocationMinioGet"];
        /**
         * Change a backup location in MinIO
         * @description Secrets that are left out stay as they are.
         */
        put: operations["v1UsersAssetsLocationMinioUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/s3": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a backup location in S3 */
        post: operations["v1UsersAssetsLocationS3Create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/s3/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a backup location in S3 */
        get: operations["v1UsersAssetsLocationS3Get"];
        /**
         * Change a backup location in S3
         * @description Secrets that are left out stay as they are.
         */
        put: operations["v1UsersAssetsLocationS3Update"];
        post?: never;
        /**
         * Delete a backup location of any type
         * @description 409 with code `LocationInUse` while some cluster is backed up to it. What is stored there stays.
         */
        delete: operations["v1UsersAssetsLocationS3Delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/custom": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a backup location of any other provider that a plugin of Velero knows */
        post: operations["v1UsersAssetsLocationCustomCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/custom/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a backup location of any other provider that a plugin of Velero knows */
        get: operations["v1UsersAssetsLocationCustomGet"];
        /**
         * Change a backup location of any other provider that a plugin of Velero knows
         * @description Secrets that are left out stay as they are.
         */
        put: operations["v1UsersAssetsLocationCustomUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/assets/locations/{type}/{uid}/default": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Make a backup location the default of its project or of the tenant */
        patch: operations["v1UsersAssetsLocationDefaultUpdate"];
        trace?: never;
    };
    "/v1/users/assets/locations/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a backup location
         * @description 409 with code `LocationInUse` while some cluster is backed up to it. What is stored there stays.
         */
        delete: operations["v1UsersAssetsLocationDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clouds/aws/s3/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a bucket and its credentials before they are stored
         * @description Whether they are complete and well formed; clusters use them, and tell whether they work.
         */
        post: operations["V1AwsS3Validate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clouds/gcp/bucketname/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a bucket and its credentials before they are stored
         * @description Whether they are complete and well formed; clusters use them, and tell whether they work.
         */
        post: operations["V1GcpBucketNameValidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clouds/azure/account/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check Azure credentials before they are stored
         * @description Whether they are complete and well formed; clusters use them, and tell whether they work.
         */
        post: operations["V1AzureAccountValidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/features/backup/locations/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the clusters that use a backup location */
        get: operations["V1ClusterFeatureBackupLocationUidGet"];
        /**
         * Let clusters use another backup location in place of this one
         * @description The other one is the default of the type that the request names.
         */
        put: operations["V1ClusterFeatureBackupLocationUidChange"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/backup/onDemand": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Back a cluster up now */
        post: operations["v1ClusterFeatureBackupOnDemandCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/backup/{backupName}/request/{requestUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a backup where it is kept */
        delete: operations["v1ClusterFeatureBackupDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the restores of a cluster */
        get: operations["v1ClusterFeatureRestoreGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/features/restore/onDemand": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a backup of a cluster, into it or into another one */
        post: operations["v1ClusterFeatureRestoreOnDemandCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentreleases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the releases of the agent, the newest first */
        get: operations["v1AgentReleasesList"];
        /**
         * Publish a release of the agent
         * @description The same release may be published again and is answered alike. 422 with code `SignatureRequired` for one that no key of
         *     the settings signed, `InvalidAgentRelease` for what is none, `AgentVersionSkew` for a version that is newer than the
         *     plane or more than two minor versions behind it; 409 with code `AgentReleaseExists` for another content under a
         *     version that exists.
         */
        put: operations["v1AgentReleasesPublish"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentreleases/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a release that nobody has chosen
         * @description 409 with code `AgentReleaseInUse` while the tenant or a cluster has it chosen.
         */
        delete: operations["v1AgentReleasesDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agentreleasesettings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read which release the tenant's agents run, and who signs releases */
        get: operations["v1AgentReleaseSettingsGet"];
        /**
         * Choose the release that the tenant's agents run, or the keys that sign releases
         * @description What is left out stays as it is. Agents upgrade by themselves, but for clusters whose upgrades are paused.
         */
        put: operations["v1AgentReleaseSettingsUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/agentrelease": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read which release the agent of a cluster runs and is to run */
        get: operations["v1SpectroClustersUidAgentReleaseGet"];
        /** Choose the release that the agent of one cluster runs, over the tenant's choice */
        put: operations["v1SpectroClustersUidAgentReleaseUpdate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/agent/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take away the access of a cluster's agent; the cluster stays
         * @description Its access ends at once on the API, for packs on their way too, and on the bus, and no import manifest that was fetched
         *     before works any more. What the agent enforces stays in force. A new import manifest, applied in the same Kubernetes
         *     cluster, lets an agent in again. Once more changes nothing. 409 with code `ClusterDeleting` for a cluster that is
         *     being deleted.
         */
        post: operations["v1SpectroClustersUidAgentRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/agentrelease/upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the agent of a cluster to replace itself by a release
         * @description An action of type `upgrade-agent` waits for the agent then. 409 with code `AgentUpgradesPaused` where upgrades are
         *     paused, 409 with code `OtherAgentReleaseChosen` where another version is chosen for the cluster, to which the agent
         *     would go back at once, 422 with code `AgentVersionSkew` for a version that does not work with this plane.
         */
        post: operations["v1SpectroClustersUidAgentReleaseUpgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the actions of a cluster, newest first */
        get: operations["v1SpectroClustersUidActionsList"];
        put?: never;
        /**
         * Ask the agent of a cluster for an action
         * @description The action waits for the agent for 24 hours. It is begun at most once; a disruptive one only while no other is under
         *     way, and in the cluster's maintenance windows. 422 says what is wrong with the `spec`; 409 with code
         *     `ClusterReadOnly` for a cluster that was imported read-only.
         */
        post: operations["v1SpectroClustersUidActionsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/actions/{runUid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how an action stands and what it brought */
        get: operations["v1SpectroClustersUidActionsGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/actions/{runUid}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the agent to end an action
         * @description What waits does not begin; what is under way undoes what cannot stay half done, and may still come to its end. 409
         *     with code `ActionEnded` when there is nothing to end.
         */
        post: operations["v1SpectroClustersUidActionsCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/actions/{runUid}/artifacts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download something that an action brought */
        get: operations["v1SpectroClustersUidActionsArtifactsGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/self/actions/{runId}/artifacts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Deliver something that a run of the caller's cluster brought
         * @description The same name again replaces what was there. 404 until the plane has heard of the run.
         */
        put: operations["v1AgentsActionsArtifactsPut"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bulk/clusterprofiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read up to 100 cluster profiles with their variables and manifests in one request
         * @description Offered when the header `Palette-Capabilities` of any answer names `bulk-read`. Reads only.
         */
        post: operations["v1BulkClusterProfilesRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/packs/{uid}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download one version of a pack
         * @description The archive whose bytes have the digest that the pack's summary names, which the header `ETag` repeats. What was only
         *     listed so far is fetched from its registry first. The header `Palette-Signature` has the signature over the bytes
         *     where there is one.
         */
        get: operations["v1PacksUidContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registries/pack/{uid}/packs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Push a pack into a pack registry
         * @description The same name, version and content may be pushed again and are answered alike. Another content under a name and
         *     version that exist is refused with 409 and code `PackVersionExists`; an archive with problems with 422, code
         *     `InvalidPack`, and the problems (`file`, `line`, `message`) in `details`.
         */
        put: operations["v1RegistriesPackUidPacksPush"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the agent of a cluster something to do once */
        post: operations["v1SpectroClustersUidCommandsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/desiredstate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the newest desired state of a cluster, signed for its agent
         * @description For carrying it to an agent that cannot reach the plane. Whoever reads it reads the values of variables and macros,
         *     sensitive ones too. 404 with code `NoDesiredState` until there is a first document.
         */
        get: operations["v1SpectroClustersUidDesiredStateGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spectroclusters/{uid}/desiredstate/packs/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a pack that the newest desired state of a cluster names
         * @description Any other pack is refused with 403 and code `PackNotInDesiredState`.
         */
        get: operations["v1SpectroClustersUidDesiredStatePacksGet"];
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
        /** @description Access to the message bus; absent where the plane has none */
        AgentBusAccess: {
            servers: string[];
            /** @description User JWT for the agent's public key, limited to the subjects of its cluster */
            jwt: string;
            /** @description PEM bundle that signs the servers' certificates */
            ca?: string;
        };
        /** @description Something to sign */
        AgentChallenge: {
            challenge: string;
        };
        /** @description Who asks for a challenge */
        AgentChallengeEntity: {
            clusterUid: string;
        };
        /** @description What is new for an agent */
        AgentChanges: {
            desiredState?: components["schemas"]["ContentDigest"];
            /**
             * Format: int64
             * @description Cursor of the last command that waits
             */
            commands?: number;
        };
        /** @description A one-time action, carried out at most once by its id */
        AgentCommand: {
            /** Format: uuid */
            id: string;
            /**
             * Format: int64
             * @description Position in the cluster's queue
             */
            cursor: number;
            /**
             * @description `preview` asks what a candidate would change, `action` to carry out the day-2 action in it, `cancel` to end the run of one
             * @enum {string}
             */
            type: "resync" | "preview" | "action" | "cancel";
            /** @description What to carry out, for the type `action` */
            action?: {
                type: string;
                spec: {
                    [key: string]: unknown;
                };
            };
            /**
             * Format: uuid
             * @description The run to end, for the type `cancel`
             */
            runId?: string;
            /** Format: date-time */
            issuedAt: string;
            /**
             * Format: date-time
             * @description Not carried out after this
             */
            expiresAt: string;
        };
        /** @description Commands that wait, in the order of their cursors */
        AgentCommands: {
            items: components["schemas"]["AgentCommand"][];
        };
        /** @description What an agent needs to work on the three channels */
        AgentCredentials: {
            clusterUid: string;
            clusterName: string;
            tenantUid: string;
            projectUid: string;
            /** @description Bearer token for the operations under `/v1/agents/self` */
            accessToken: string;
            /**
             * Format: date-time
             * @description When the access token ends; renew it before
             */
            expiresAt: string;
            /** @description Every address of the plane, when it has several */
            planeUrls?: string[];
            bus?: components["schemas"]["AgentBusAccess"];
            /** @description Keys whose signatures on a desired state the agent accepts */
            trustedKeys: components["schemas"]["AgentTrustedKey"][];
            /** @description PEM of the keys that sign releases of the agent */
            releaseKeys?: string[];
            /** @description Seconds between signs of life */
            heartbeatSeconds: number;
            /** @description Seconds between questions when the bus is out of reach */
            pollSeconds: number;
        };
        /** @description The key that the new credentials for the bus are made for */
        AgentCredentialsRenewal: {
            /** @description Public NATS user key; its seed stays with the agent */
            busPublicKey: string;
        };
        /** @description Data of the event `event`: something that the agent of a cluster finds worth telling */
        AgentEvent: {
            clusterUid: string;
            /** Format: date-time */
            sentAt?: string;
            /** @description The same for each telling of the same thing */
            eventId?: string;
            /** @enum {string} */
            severity: "info" | "warning" | "error";
            reason: string;
            message: string;
            object?: {
                apiVersion: string;
                kind: string;
                namespace?: string;
                name: string;
            };
            count: number;
            /** Format: date-time */
            firstAt: string;
            /** Format: date-time */
            lastAt: string;
        };
        /** @description A sign of life */
        AgentHeartbeat: {
            clusterUid: string;
            /** Format: date-time */
            sentAt: string;
            agentVersion: string;
            /** @description The revision in force; 0 before the first document */
            revision: number;
        };
        /** @description A challenge and its signature */
        AgentRecovery: {
            clusterUid: string;
            challenge: string;
            /** @description Base64 of the Ed25519 signature by the key that the credentials were made for */
            signature: string;
        };
        /** @description What an agent tells about itself and its cluster when it joins */
        AgentRegistration: {
            /** @description Identifier of the cluster that was imported */
            clusterUid: string;
            /**
             * Format: password
             * @description The one-time token of the import manifest
             */
            token: string;
            /** @description UID of the namespace kube-system; tells one cluster from another */
            kubernetesUid: string;
            /** @description Version of the API server, for example `v1.33.1` */
            kubernetesVersion: string;
            /** @description Version of the agent */
            agentVersion: string;
            /** @description Public NATS user key; its seed stays with the agent */
            busPublicKey: string;
        };
        /** @description Which release agents run, and who signs releases */
        AgentReleaseSettings: {
            /** @description Of this plane; agents may be up to two minor versions behind it, and never newer */
            planeVersion: string;
            /** @description What the tenant's agents run; absent when each runs what it was installed with */
            version?: string;
            /** @description PEM of the keys that sign releases */
            publicKeys: string[];
        };
        /** @description What is to be changed */
        AgentReleaseSettingsEntity: {
            /** @description A release; empty to choose none */
            version?: string;
            /** @description PEM of the keys that sign releases, all of them */
            publicKeys?: string[];
        };
        /** @description One release */
        AgentReleaseView: {
            /** @description Semantic version */
            version: string;
            /** @description Content address of the archive */
            digest: string;
            /** @description The same version as a container image, by digest */
            image?: string;
            /**
             * Format: int64
             * @description Bytes of the archive
             */
            size: number;
            /** Format: date-time */
            createdAt: string;
            /** @description Whether it is what the tenant's agents run */
            chosen: boolean;
        };
        /** @description Releases of the agent */
        AgentReleases: {
            items: components["schemas"]["AgentReleaseView"][];
        };
        /** @description A report; what it holds beside these fields is told by `kind` */
        AgentReport: {
            /** Format: uuid */
            id: string;
            clusterUid: string;
            /** Format: date-time */
            sentAt: string;
            /** @enum {string} */
            kind: "status" | "drift" | "refusal" | "command" | "preview" | "action" | "event";
        } & {
            [key: string]: unknown;
        };
        /** @description What an agent tells when the bus is out of reach */
        AgentReports: {
            reports: components["schemas"]["AgentReport"][];
            heartbeat?: components["schemas"]["AgentHeartbeat"];
        };
        /** @description An Ed25519 public key as a JSON Web Key (RFC 8037) */
        AgentTrustedKey: {
            /** @constant */
            kty: "OKP";
            /** @constant */
            crv: "Ed25519";
            kid: string;
            x: string;
        };
        /** @description What the agent is to run */
        AgentUpgradeEntity: {
            /** @description A published release */
            version: string;
        };
        /** @description How a test went over one channel */
        AlertTestResult: {
            uid: string;
            type: string;
            /** @description Where it went, without what may be secret: addresses, or the host of a URL */
            target: string;
            isSucceeded: boolean;
            message: string;
        };
        /** @description Everything that belongs to one profile */
        BulkClusterProfile: {
            uid: string;
            profile: components["schemas"]["v1ClusterProfile"];
            /** @description As the variables operation of the profile answers */
            variables: components["schemas"]["v1Variable"][];
            /** @description One entry for each pack that has manifests attached */
            manifests: {
                packName: string;
                /** @description As the manifests operation of the pack answers */
                manifests: components["schemas"]["v1ManifestEntity"][];
            }[];
        };
        /** @description The profiles that were found */
        BulkClusterProfiles: {
            items: components["schemas"]["BulkClusterProfile"][];
            /** @description Identifiers that name no profile in reach of the caller */
            missing: string[];
        };
        /** @description Which profiles to read */
        BulkClusterProfilesRequest: {
            /** @description Identifiers of the profiles */
            uids: string[];
        };
        /** @description One action and how it stands */
        ClusterAction: {
            uid: string;
            /** @description Kind of action */
            type: string;
            /**
             * @description Whether somebody asked for it or a schedule did
             * @enum {string}
             */
            origin: "command" | "schedule";
            /** @description Of the schedule */
            scheduleId?: string;
            /** @description What was asked for; absent for schedules */
            spec?: {
                [key: string]: unknown;
            };
            /** @description Who asked for it */
            requestedBy?: string;
            /**
             * @description `queued`: the agent has not taken it on; `waiting`: for a maintenance window or another action, as `step` says;
             *     `expired`: no agent took it on in time
             * @enum {string}
             */
            phase: "queued" | "waiting" | "running" | "done" | "failed" | "cancelled" | "expired";
            /** @description What it is at, for people */
            step: string;
            percent?: number;
            /** @description How it ended */
            message: string;
            /** @description Facts of the outcome, by type */
            result?: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            startedAt?: string;
            /** Format: date-time */
            endedAt?: string;
            /** @description What it brought that is large; in the answer for one action only */
            artifacts?: components["schemas"]["ClusterActionArtifact"][];
        };
        /** @description Something to download */
        ClusterActionArtifact: {
            name: string;
            contentType: string;
            digest: components["schemas"]["ContentDigest"];
            /**
             * Format: int64
             * @description Bytes
             */
            size: number;
            /** Format: date-time */
            createdAt: string;
        };
        /** @description What is to be done */
        ClusterActionEntity: {
            /**
             * @description Kind of action
             * @enum {string}
             */
            type: "backup" | "restore" | "delete-backup" | "etcd-snapshot" | "scan" | "renew-certificates" | "patch-os" | "upgrade-kubernetes" | "scale" | "upgrade-agent" | "collect-logs";
            /** @description As the type needs it; see the guide of day-2 actions */
            spec: {
                [key: string]: unknown;
            };
        };
        /** @description Actions of one cluster */
        ClusterActions: {
            items: components["schemas"]["ClusterAction"][];
        };
        /** @description What the agent of a cluster runs, and what it is to run */
        ClusterAgentRelease: {
            /** @description As the agent said last; empty before it joined */
            agentVersion: string;
            planeVersion: string;
            /**
             * @description Whether both work together
             * @enum {string}
             */
            skew: "supported" | "agent too old" | "agent too new" | "unknown";
            /** @description Whether upgrades of the agent are paused */
            paused: boolean;
            /** @description The cluster's own choice */
            version?: string;
            /** @description What it is to run, by its own choice or the tenant's */
            effectiveVersion?: string;
        };
        /** @description The cluster's own choice */
        ClusterAgentReleaseEntity: {
            /** @description A release; empty or absent to follow the tenant's choice */
            version?: string;
        };
        /** @description What the agent shall do */
        ClusterCommandEntity: {
            type: components["schemas"]["ClusterCommandType"];
        };
        /**
         * @description `resync` compares every object with the desired state now
         * @enum {string}
         */
        ClusterCommandType: "resync";
        /** @description Data of the event `cluster`: where a cluster stands now */
        ClusterEvent: {
            clusterUid: string;
            /** @description Lifecycle state, as `status.state` of the cluster: for example `Pending`, `Running`, `Deleting`, `Deleted` */
            state: string;
            /** @description Health, as `status.health.state` of the cluster summary: for example `Healthy`, `UnHealthy`, `Unknown` */
            health: string;
            /** @description Newest revision of the desired state */
            revision: number;
            /** @description Revision that the agent has reported as applied */
            appliedRevision: number;
            /** @description What went wrong last */
            message?: string;
        };
        /** @description The template that a cluster is to follow */
        ClusterTemplateAssignment: {
            /** @description Identifier of the template; empty for none */
            uid: string;
            /** @description Values of the cluster's own, for variables that the template leaves to it */
            profiles?: components["schemas"]["v1ClusterTemplateProfileVariable"][];
        };
        /** @description A content address */
        ContentDigest: string;
        /** @description A place that another plugin of Velero writes to; beyond Palette's API */
        CustomAssetsLocation: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                config: components["schemas"]["CustomStorageConfig"];
                isDefault?: boolean;
                type?: string;
            };
        };
        CustomStorageConfig: {
            /** @description Name of the provider as its plugin registers it */
            provider: string;
            bucketName: string;
            /** @description Settings that the plugin takes */
            config?: {
                [key: string]: string;
            };
            /** @description Certificates (PEM) to trust */
            caCert?: string;
            /** @description Content of the plugin's credentials file; left out when read */
            credentials?: string;
            /**
             * @description Whether volumes are copied file by file
             * @default false
             */
            fileSystemBackup?: boolean;
        };
        /** @description Data of the event `drift`: something outside changed an object under management */
        DriftEvent: {
            clusterUid: string;
            /** Format: date-time */
            sentAt?: string;
            object: {
                apiVersion: string;
                kind: string;
                namespace?: string;
                name: string;
            };
            layer: string;
            /** @enum {string} */
            change: "modified" | "deleted";
            /** @description Paths of the fields that changed, without values */
            fields: string[];
            /** @description What changed, shortened; values of Secrets and of sensitive variables are masked */
            diff?: {
                path: string;
                /** @description As it is to be; absent where the field is to have no value */
                before?: string;
                /** @description As it was found; absent where the field was gone */
                after?: string;
            }[];
            /** @description Field manager that changed it, where the API server says */
            manager?: string;
            /** @enum {string} */
            action: "healed" | "reported" | "ignored" | "failed";
            /** @description Milliseconds from noticing to healed */
            tookMs: number;
            message: string;
        };
        /** @description A question and how far its answers are */
        Impact: {
            uid: string;
            profile: {
                name: string;
                version: string;
                digest?: components["schemas"]["ContentDigest"];
            };
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description No answer is waited for after this
             */
            expiresAt: string;
            /** @description No cluster is pending */
            complete: boolean;
            clusters: components["schemas"]["ImpactCluster"][];
        };
        /** @description What becomes of one object */
        ImpactChange: {
            /** @enum {string} */
            kind: "created" | "changed" | "removed";
            layer: string;
            object: components["schemas"]["ImpactObject"];
            /** @description What differs in a changed object */
            fields: {
                path: string;
                /** @description Any JSON value; absent when there is none */
                before?: unknown;
                /** @description Any JSON value; absent when there is none */
                after?: unknown;
            }[];
            /** @description Fields that differ and are not listed */
            omittedFields?: number;
            restarts: boolean;
            note?: string;
        };
        /** @description How one cluster would fare */
        ImpactCluster: {
            uid: string;
            name: string;
            projectUid: string;
            projectName: string;
            state: components["schemas"]["ImpactState"];
            message: string;
            /** @description Version of the profile that it runs now; absent when it runs none */
            fromVersion?: string;
            /**
             * Format: date-time
             * @description When its agent was heard last; absent when never
             */
            lastSeen?: string;
            /** @description Revision in force when the agent looked */
            revision?: number;
            counts?: components["schemas"]["ImpactCounts"];
        };
        ImpactClusterDetail: components["schemas"]["ImpactCluster"] & {
            changes: components["schemas"]["ImpactChange"][];
            refused: components["schemas"]["ImpactRefusal"][];
            /** @description In the order in which they would run */
            hooks: components["schemas"]["ImpactHook"][];
            /** @description Changes, refusals and hooks that are counted and not listed */
            omitted: number;
        };
        /** @description Objects by what would become of them; `restarts` are those of the changed whose pods start anew */
        ImpactCounts: {
            created: number;
            changed: number;
            removed: number;
            unchanged: number;
            restarts: number;
            refused: number;
            /** @description Helm's hooks that would run; absent from agents that do not tell */
            hooks?: number;
        };
        /** @description One of Helm's hooks that would run */
        ImpactHook: {
            /** @description As Helm names it, for example `pre-upgrade` */
            event: string;
            layer: string;
            object: components["schemas"]["ImpactObject"];
        };
        ImpactObject: {
            apiVersion: string;
            kind: string;
            namespace?: string;
            name: string;
        };
        /** @description What the API server or the agent would not take */
        ImpactRefusal: {
            layer: string;
            object?: components["schemas"]["ImpactObject"];
            field?: string;
            message: string;
        };
        /** @description A stored version, or content that is not stored yet; exactly one of `profileUid`, `document` and `content` */
        ImpactRequest: {
            /** @description Identifier of a version of a cluster profile */
            profileUid?: string;
            /** @description A cluster profile as a value, as `palette profile` reads it; its packs must be in the registries */
            document?: {
                [key: string]: unknown;
            };
            /** @description A cluster profile as it would be created */
            content?: components["schemas"]["v1ClusterProfileEntity"];
            /** @description Identifier of the one version whose clusters are meant; those of every version of the name when absent */
            inPlaceOf?: string;
            /** @description Names or identifiers; only these, also when they do not run the profile yet */
            clusters?: string[];
            /**
             * @description How long answers are waited for
             * @default 30
             */
            timeoutSeconds?: number;
        };
        /**
         * @description `pending`: asked, no answer yet. `answered`: see the counts. `unchanged`: it would be asked to run what it runs.
         *     `outOfReach`: its agent is silent, so it was not asked. `timedOut`: asked, and no answer came in time. `failed`: its
         *     agent could not find out. `refused`: the profile cannot be used in this cluster, `message` says why.
         * @enum {string}
         */
        ImpactState: "pending" | "answered" | "unchanged" | "outOfReach" | "timedOut" | "failed" | "refused";
        /** @description What a policy says of an object that a profile makes */
        PolicyFinding: {
            rule: string;
            /** @enum {string} */
            severity: "error" | "warning";
            /** @description Pack that brings the object */
            layer: string;
            object: {
                apiVersion: string;
                kind: string;
                namespace?: string;
                name: string;
            };
            /** @description Path of the field; absent for the object as a whole */
            field?: string;
            message: string;
        };
        /** @description A cluster profile as a value */
        ProfileDocument: {
            /** @constant */
            apiVersion: "palette-iac.dev/v1";
            /** @constant */
            kind: "ClusterProfile";
            name: string;
            version?: string;
            type?: components["schemas"]["v1ProfileType"];
            cloud?: string;
            description?: string;
            /** @description As `key:value`, or a bare word */
            tags?: string[];
            variables?: components["schemas"]["v1Variable"][];
            layers: components["schemas"]["ProfileDocumentLayer"][];
        };
        ProfileDocumentLayer: {
            name: string;
            /** @enum {string} */
            layer?: "kernel" | "os" | "k8s" | "cni" | "csi" | "addon";
            type?: components["schemas"]["v1PackType"];
            /** @description Name of the registry; the default one when absent */
            registry?: string;
            /** @description A version, a series such as `1.2.x`, or a range such as `^1.2.0` */
            version?: string;
            /** @description What the version stands for */
            resolved?: {
                version: string;
                digest: string;
            };
            values?: string;
            manifests?: {
                name: string;
                content: string;
            }[];
        };
        /** @description What published profiles are checked against */
        ProfilePolicySetting: {
            /**
             * @description `enforce` refuses a profile that a rule finds an error in, `warn` tells it, `off` does not look
             * @enum {string}
             */
            mode: "enforce" | "warn" | "off";
            /** @description Rules as data, built-in ones by name or expressions in CEL */
            rules?: Record<string, unknown>[];
        };
        ProfileSettings: {
            /**
             * @description Whether the content of a published version may change
             * @enum {string}
             */
            versions: "mutable" | "immutable";
            policy?: components["schemas"]["ProfilePolicySetting"];
        };
        ProfileVersion: {
            uid: string;
            name: string;
            version: string;
            /** @enum {string} */
            scope: "project" | "tenant";
            projectUid?: string;
            type: components["schemas"]["v1ProfileType"];
            /** @description Of the published content; absent for a draft */
            digest?: string;
            published: boolean;
            /** @description Whether the content cannot change any more */
            sealed: boolean;
            /** @description How many clusters have the version attached */
            clusters: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            modifiedAt: string;
        };
        ProfileVersionDocument: {
            uid: string;
            /** @description Of the published content */
            digest: string;
            profile: components["schemas"]["ProfileDocument"];
        };
        ProfileVersionPromotion: {
            name: string;
            /** @description A version, `latest`, or a range such as `1.x` */
            version: string;
            /** @description Where the version is; without a project, the tenant */
            from: {
                projectUid?: string;
            };
            /** @description Check everything, change nothing */
            dryRun?: boolean;
        };
        ProfileVersionPublication: {
            profile: components["schemas"]["ProfileDocument"];
            /** @description Check everything, change nothing */
            dryRun?: boolean;
        };
        ProfileVersions: {
            items: components["schemas"]["ProfileVersion"][];
        };
        /** @description The release that is there now */
        PublishedAgentRelease: {
            version: string;
            digest: string;
            image?: string;
        };
        PublishedProfileVersion: {
            /** @description Identifier of the profile; absent when a dry run would make a new one */
            uid?: string;
            name: string;
            version: string;
            digest: string;
            /** @description Whether the version is new here; false when the same content was there */
            created: boolean;
            /** @description What the policies of the scope say */
            findings: components["schemas"]["PolicyFinding"][];
        };
        /** @description A pack as the registry has it */
        PushedPack: {
            /** @description Identifier of this version of the pack */
            uid: string;
            name: string;
            version: string;
            digest: components["schemas"]["ContentDigest"];
        };
        RaisedAlert: {
            uid: string;
            component: string;
            /** @enum {string} */
            severity: "info" | "warning" | "error";
            reason: string;
            message: string;
            clusterUid?: string;
            clusterName?: string;
            time: components["schemas"]["v1Time"];
            /** @description How many channels it still has to go out over */
            pending: number;
        };
        /** @description Data of the event `refusal`: an agent did not accept a document; its last known policy stays in force */
        RefusalEvent: {
            clusterUid: string;
            /** Format: date-time */
            sentAt?: string;
            reason: string;
            message: string;
        };
        /** @description Who may use a registry, how much it may hold, and whose signatures it demands */
        RegistrySettings: {
            /** @description Projects that see its packs; every project when absent. The tenant always does */
            readProjects?: string[];
            /** @description Projects from which packs may be pushed; every project when absent. From the tenant always */
            pushProjects?: string[];
            /** @description How many bytes of archives it may hold; the plane's own limit when absent */
            quotaBytes?: number;
            /** @description How many it holds; only answered */
            usedBytes?: number;
            /**
             * @description Keys in PEM, as `cosign.pub` has them. With any here, a pack or chart is taken only with a signature that one
             *     of them verifies
             */
            publicKeys?: string[];
        };
        /**
         * @description Data of the event `resource`: somebody created, changed or deleted an object. What an agent reports of its cluster
         *     is told by `cluster`, `drift` and `refusal` instead. An event is a hint to read the object anew.
         */
        ResourceEvent: {
            /** @enum {string} */
            type: "project" | "clusterprofile" | "macros" | "edgetoken" | "cloudaccount" | "spectrocluster" | "appprofile" | "spcpolicy" | "clustertemplate" | "clustergroup" | "registry" | "assetlocation";
            /** @description Identifier of the object; of `macros` that of their project or tenant */
            uid: string;
            /** @enum {string} */
            change: "created" | "updated" | "deleted";
        };
        /** @description A flattened JWS (RFC 7515) over the canonical JSON of the desired state document */
        SignedDesiredState: {
            payload: string;
            protected: string;
            signature: string;
        };
        v1APIEndpoint: {
            host: string;
            /** Format: int32 */
            port: number;
        };
        /** @description Who is told about the clusters of a project, and by which channels */
        v1Alert: {
            channels?: components["schemas"]["v1Channel"][];
            component?: string;
        };
        v1AlertEntity: {
            channels?: components["schemas"]["v1Channel"][] | null;
        };
        v1AlertNotificationStatus: {
            isSucceeded?: boolean;
            message?: string;
            time?: components["schemas"]["v1Time"];
        };
        /** @description An API key, without the key itself */
        v1ApiKey: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ApiKeySpec"];
            status?: components["schemas"]["v1ApiKeyStatus"];
        };
        /** @description A new API key; it is shown here and never again */
        v1ApiKeyCreateResponse: {
            /** @description Value for the header `ApiKey` */
            apiKey?: string;
            uid?: string;
        };
        /** @description An API key to be made */
        v1ApiKeyEntity: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ApiKeySpecEntity"];
        };
        v1ApiKeySpec: {
            /** @description When the key ends */
            expiry?: components["schemas"]["v1Time"];
            key?: string;
            user?: components["schemas"]["v1ApiKeyUser"];
        };
        v1ApiKeySpecEntity: {
            /** @description When the key ends */
            expiry?: components["schemas"]["v1Time"];
            /** @description Whose key it is; the caller's own when absent */
            userUid?: string;
        };
        v1ApiKeyStatus: {
            isActive?: boolean;
        };
        v1ApiKeyUser: {
            firstName?: string;
            lastName?: string;
            uid?: string;
        };
        v1ApiKeys: {
            items: components["schemas"]["v1ApiKey"][];
        };
        /** @description An application profile */
        v1AppProfile: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                parentUid?: string;
                template?: components["schemas"]["v1AppProfileTemplate"];
                version?: string;
                versions?: components["schemas"]["v1AppProfileVersion"][];
            };
            status?: {
                inUseApps?: components["schemas"]["v1ObjectResReference"][];
            };
        };
        v1AppProfileCloneEntity: {
            metadata?: components["schemas"]["v1AppProfileCloneMetaInputEntity"];
        };
        v1AppProfileCloneMetaInputEntity: {
            name: string;
            target?: components["schemas"]["v1AppProfileCloneTarget"];
            version?: string;
        };
        v1AppProfileCloneTarget: {
            projectUid?: string;
        };
        /** @description An application profile to create */
        v1AppProfileEntity: {
            metadata?: components["schemas"]["v1ObjectMetaInputEntity"];
            spec?: {
                template?: components["schemas"]["v1AppProfileTemplateEntity"];
                version?: string;
            };
        };
        v1AppProfileFilterSpec: {
            profileName?: components["schemas"]["v1FilterString"];
            tags?: components["schemas"]["v1FilterArray"];
            version?: components["schemas"]["v1FilterVersionString"];
        };
        v1AppProfileMetaEntity: {
            metadata: components["schemas"]["v1AppProfileMetaUpdateEntity"];
            version?: string;
        };
        v1AppProfileMetaUpdateEntity: {
            annotations?: {
                [key: string]: string;
            };
            labels?: {
                [key: string]: string;
            };
        };
        v1AppProfileMetadata: {
            metadata?: components["schemas"]["v1ObjectEntity"];
            spec?: {
                version?: string;
            };
        };
        /** @enum {string|null} */
        v1AppProfileSortFields: "profileName" | "creationTimestamp" | "lastModifiedTimestamp" | null;
        v1AppProfileSortSpec: {
            field?: components["schemas"]["v1AppProfileSortFields"];
            order?: components["schemas"]["v1SortOrder"];
        };
        v1AppProfileSummary: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                parentUid?: string;
                template?: components["schemas"]["v1AppProfileTemplateSummary"];
                version?: string;
                versions?: components["schemas"]["v1AppProfileVersion"][];
            };
        };
        v1AppProfileTemplate: {
            appTiers?: components["schemas"]["v1AppTierRef"][];
            registryRefs?: components["schemas"]["v1ObjectReference"][];
        };
        v1AppProfileTemplateEntity: {
            appTiers?: components["schemas"]["v1AppTierEntity"][];
        };
        v1AppProfileTemplateSummary: {
            appTiers?: components["schemas"]["v1AppTierSummary"][];
        };
        v1AppProfileTiers: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1AppProfileTiersSpec"];
        };
        v1AppProfileTiersSpec: {
            appTiers?: components["schemas"]["v1AppTier"][];
        };
        v1AppProfileVersion: {
            uid?: string;
            version?: string;
        };
        v1AppProfilesFilterSpec: {
            filter?: components["schemas"]["v1AppProfileFilterSpec"];
            sort?: components["schemas"]["v1AppProfileSortSpec"][];
        };
        v1AppProfilesMetadata: {
            appProfiles?: components["schemas"]["v1AppProfileMetadata"][];
        };
        v1AppProfilesSummary: {
            appProfiles?: components["schemas"]["v1AppProfileSummary"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        /** @description One part of an application */
        v1AppTier: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1AppTierSpec"];
        };
        v1AppTierEntity: {
            containerRegistryUid?: string;
            /**
             * Format: int32
             * @description Tiers of a smaller number are installed first
             */
            installOrder?: number;
            manifests?: components["schemas"]["v1ManifestInputEntity"][] | null;
            name: string;
            properties?: components["schemas"]["v1AppTierPropertyEntity"][] | null;
            registryUid?: string;
            /** @description The pack or chart that the tier is made of */
            sourceAppTierUid?: string;
            type?: components["schemas"]["v1AppTierType"];
            values?: string;
            version?: string;
        };
        v1AppTierProperty: {
            format?: string;
            name?: string;
            type?: string;
            value?: string;
        };
        v1AppTierPropertyEntity: {
            name?: string;
            value?: string;
        };
        v1AppTierRef: {
            name?: string;
            type?: components["schemas"]["v1AppTierType"];
            uid?: string;
            version?: string;
        };
        v1AppTierSourceSummary: {
            addonSubType?: string;
            addonType?: string;
            logoUrl?: string;
            name?: string;
            type?: string;
            uid?: string;
        };
        v1AppTierSpec: {
            containerRegistryUid?: string;
            /**
             * Format: int32
             * @description Tiers of a smaller number are installed first
             */
            installOrder?: number;
            manifests?: components["schemas"]["v1ObjectReference"][];
            properties?: components["schemas"]["v1AppTierProperty"][];
            registryUid?: string;
            sourceAppTierUid?: string;
            type?: components["schemas"]["v1AppTierType"];
            values?: string;
            version?: string;
        };
        v1AppTierSummary: {
            name?: string;
            source?: components["schemas"]["v1AppTierSourceSummary"];
            type?: string;
            uid?: string;
            version?: string;
        };
        /**
         * @description What a tier is made of
         * @default manifest
         * @enum {string}
         */
        v1AppTierType: "manifest" | "helm" | "operator-instance" | "container";
        v1AppTierUpdateEntity: {
            containerRegistryUid?: string;
            /**
             * Format: int32
             * @description Tiers of a smaller number are installed first
             */
            installOrder?: number;
            manifests?: components["schemas"]["v1ManifestRefUpdateEntity"][] | null;
            name?: string;
            properties?: components["schemas"]["v1AppTierPropertyEntity"][] | null;
            values?: string;
            version?: string;
        };
        /**
         * @default amd64
         * @enum {string}
         */
        v1ArchType: "amd64" | "arm64";
        /** @description Credentials of a user */
        v1AuthLogin: {
            emailId?: string;
            /** @description Name of the tenant, where an e-mail address belongs to several */
            org?: string;
            /** Format: password */
            password?: string;
        };
        /** @description An AWS account that clusters are made with */
        v1AwsAccount: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1AwsCloudAccount"];
            status?: components["schemas"]["v1CloudAccountStatus"];
        };
        v1AwsAccounts: {
            items: components["schemas"]["v1AwsAccount"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        /** @description Credentials of an AWS account: an access key, a role to assume (`sts`) or a pod identity, as `credentialType` says */
        v1AwsCloudAccount: {
            /** @description Access key id, for credentials of type `secret` */
            accessKey?: string;
            credentialType?: components["schemas"]["v1AwsCloudAccountCredentialType"];
            /**
             * @description AWS partition that the account belongs to
             * @default aws
             * @enum {string}
             */
            partition?: "aws" | "aws-us-gov" | "aws-iso" | "aws-iso-b";
            podIdentity?: components["schemas"]["v1AwsPodIdentityCredentials"];
            /** @description Policies that are attached to the roles of clusters beside the usual ones */
            policyARNs?: string[];
            /** @description Secret access key; masked or left out when read */
            secretKey?: string;
            secretSpec?: components["schemas"]["v1AwsSecretSpec"];
            secretToken?: string;
            sts?: components["schemas"]["v1AwsStsCredentials"];
        };
        /**
         * @description Which of the three kinds of credentials is given
         * @default secret
         * @enum {string}
         */
        v1AwsCloudAccountCredentialType: "secret" | "sts" | "pod-identity";
        v1AwsMachine: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1AwsMachineSpec"];
            status?: components["schemas"]["v1CloudMachineStatus"];
        };
        v1AwsMachineSpec: {
            additionalSecurityGroups?: components["schemas"]["v1AwsResourceReference"][];
            ami: string;
            az?: string;
            dnsName?: string;
            iamProfile?: string;
            instanceType: string;
            machineMetadata?: components["schemas"]["v1MachineMetadata"];
            nics?: components["schemas"]["v1AwsNic"][];
            phase?: string;
            sshKeyName?: string;
            subnetId?: string;
            type?: string;
            vpcId: string;
        };
        v1AwsMachines: {
            items: components["schemas"]["v1AwsMachine"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1AwsNic: {
            /** Format: int32 */
            index?: number;
            privateIPs?: string[];
            publicIp?: string;
        };
        /** @description A role that pods of the managing cluster take */
        v1AwsPodIdentityCredentials: {
            permissionBoundaryArn?: string;
            roleArn?: string;
        };
        v1AwsResourceFilter: {
            name?: string;
            values?: string[];
        };
        v1AwsResourceReference: {
            arn?: string;
            filters?: components["schemas"]["v1AwsResourceFilter"][];
            id?: string;
        };
        v1AwsS3BucketCredentials: {
            bucket: string;
            credentials: components["schemas"]["v1AwsCloudAccount"];
            folder?: string;
            region: string;
        };
        /** @description Access to partitions that need a certificate and an agency */
        v1AwsSecretSpec: {
            accountName?: string;
            agency?: string;
            isCapValidationEnabled?: boolean;
            mission?: string;
            namePrefix?: string;
            permissionBoundary?: string;
            policy?: string;
            role?: string;
            tls?: components["schemas"]["v1AwsSecretTlsConfig"];
        };
        v1AwsSecretTlsConfig: {
            ca?: string;
            cert?: string;
            key?: string;
        };
        /** @description A role that is assumed, guarded by an external id */
        v1AwsStsCredentials: {
            /** @description ARN of the role to assume */
            arn?: string;
            /** @description External id that the trust policy of the role asks for */
            externalId?: string;
        };
        v1AzureAccount: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1AzureCloudAccount"];
            status?: components["schemas"]["v1CloudAccountStatus"];
        };
        v1AzureAccounts: {
            items: components["schemas"]["v1AzureAccount"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1AzureCloudAccount: {
            /**
             * @default AzurePublicCloud
             * @enum {string}
             */
            azureEnvironment?: "AzureChinaCloud" | "AzurePublicCloud" | "AzureUSGovernment" | "AzureUSGovernmentCloud" | "AzureUSSecretCloud";
            clientId: string;
            clientSecret: string;
            settings?: components["schemas"]["v1CloudAccountSettings"];
            tenantId: string;
            tenantName?: string;
            tls?: components["schemas"]["v1AzureSecretTlsConfig"];
        };
        v1AzureMachine: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1AzureMachineSpec"];
            status?: components["schemas"]["v1CloudMachineStatus"];
        };
        v1AzureMachineSpec: {
            additionalTags?: {
                [key: string]: string;
            };
            allocatePublicIP?: boolean;
            availabilityZone?: components["schemas"]["v1AzureMachineSpecAvailabilityZone"];
            image?: components["schemas"]["v1AzureMachineSpecImage"];
            instanceType: string;
            location: string;
            machineMetadata?: components["schemas"]["v1MachineMetadata"];
            nics?: components["schemas"]["v1AzureNic"][];
            osDisk: components["schemas"]["v1AzureOSDisk"];
            sshPublicKey?: string;
        };
        v1AzureMachineSpecAvailabilityZone: {
            enabled?: boolean;
            id?: string;
        };
        v1AzureMachineSpecImage: {
            gallery?: string;
            id?: string;
            name?: string;
            offer?: string;
            publisher?: string;
            resourceGroup?: string;
            sku?: string;
            subscriptionId?: string;
            version?: string;
        };
        v1AzureMachines: {
            items: components["schemas"]["v1AzureMachine"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1AzureNic: {
            /** Format: int32 */
            index?: number;
            privateIPs?: string[];
            publicIp?: string;
        };
        v1AzureOSDisk: {
            /** Format: int32 */
            diskSizeGB?: number;
            managedDisk?: components["schemas"]["v1ManagedDisk"];
            osType?: components["schemas"]["v1OsType"];
        };
        v1AzureSecretTlsConfig: {
            cert?: string;
        };
        v1AzureStorageConfig: {
            containerName: string;
            credentials: components["schemas"]["v1AzureStorageCredentials"];
            /** @description Resource group of the storage account */
            resourceGroup: string;
            /** @description Stock-keeping unit of the storage account */
            sku?: string;
            /** @description Storage account */
            storageName: string;
        };
        v1AzureStorageCredentials: {
            /**
             * @default public
             * @enum {string}
             */
            clientCloud?: "azure-china" | "azure-government" | "public";
            clientId?: string;
            /** @description Left out when read */
            clientSecret?: string;
            subscriptionId?: string;
            tenantId?: string;
        };
        v1BackupLocationConfig: {
            name?: string;
            type?: string;
            uid?: string;
        };
        v1BackupRestoreStatusMeta: {
            backupName?: string;
            destinationClusterRef?: components["schemas"]["v1ResourceReference"];
            restoreState?: string;
        };
        v1BackupState: {
            backupTime?: components["schemas"]["v1Time"];
            deleteState?: string;
            msg?: string;
            state?: string;
        };
        v1BackupStatusConfig: {
            includeAllDisks?: boolean;
            includeClusterResourceMode?: components["schemas"]["v1IncludeClusterResourceMode"];
            includeClusterResources?: boolean;
            namespaces?: string[];
        };
        v1BackupStatusMeta: {
            backupName?: string;
            backupState?: components["schemas"]["v1BackupState"];
            backupedNamespaces?: string[];
            expiryDate?: components["schemas"]["v1Time"];
        };
        /** @description An OCI registry with credentials of its own */
        v1BasicOciRegistry: {
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1BasicOciRegistrySpec"];
            status?: components["schemas"]["v1OciRegistryStatus"];
        };
        v1BasicOciRegistrySpec: {
            auth: components["schemas"]["v1RegistryAuth"];
            /** @description What the names of the repositories begin with */
            baseContentPath?: string;
            /** @description What stands between the host and the registry's own paths */
            basePath?: string;
            containsSpectroManifest?: boolean;
            endpoint: string;
            /** @description Whether the plane looks into it by itself */
            isSyncSupported?: boolean;
            /**
             * @default helm
             * @enum {string}
             */
            providerType?: "helm" | "zarf" | "pack";
            registryUid?: string;
            scope?: string;
        };
        v1Certificate: {
            expiry?: components["schemas"]["v1Time"];
            name?: string;
        };
        v1CertificateAuthority: {
            certificates?: components["schemas"]["v1Certificate"][];
            expiry?: components["schemas"]["v1Time"];
            name?: string;
        };
        v1Channel: {
            alertAllUsers?: boolean;
            createdBy?: string;
            http?: {
                body?: string;
                headers?: {
                    [key: string]: string;
                };
                method?: string;
                url?: string;
            };
            identifiers?: string[];
            isActive?: boolean;
            status?: components["schemas"]["v1AlertNotificationStatus"];
            /** @enum {string} */
            type?: "email" | "app" | "http";
            uid?: string;
        };
        /** @description Name and identifier of the account that a short form stands for */
        v1CloudAccountMeta: {
            name?: string;
            uid?: string;
        };
        /** @description How the plane may use the account */
        v1CloudAccountSettings: {
            disablePropertiesRequest?: boolean;
        };
        v1CloudAccountStatus: {
            state?: string;
            tokenExpiry?: components["schemas"]["v1Time"];
            tokenGenerationTime?: components["schemas"]["v1Time"];
        };
        /** @description A cloud account of any cloud type, in short */
        v1CloudAccountSummary: {
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            specSummary?: {
                accountId?: string;
            };
            status?: components["schemas"]["v1CloudAccountStatus"];
        };
        v1CloudAccountsSummary: {
            items: components["schemas"]["v1CloudAccountSummary"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        /** @description The machine pools of a cluster, in short */
        v1CloudConfigMeta: {
            cloudType?: string;
            hybridMachinePools?: components["schemas"]["v1MachinePoolMeta"][];
            machinePools?: components["schemas"]["v1MachinePoolMeta"][];
            uid?: string;
        };
        v1CloudCost: {
            /** Format: double */
            compute?: number;
            /** Format: double */
            storage?: number;
            /** Format: double */
            total?: number;
        };
        /** @description What the cloud and the cluster say about a machine */
        v1CloudMachineStatus: {
            addresses?: components["schemas"]["v1MachineAddress"][];
            health?: components["schemas"]["v1MachineHealth"];
            /** @enum {string} */
            instanceState?: "Pending" | "Provisioning" | "Provisioned" | "Running" | "Deleting" | "Deleted" | "Failed" | "Unknown";
            instanceStateLastUpdate?: components["schemas"]["v1Time"];
            maintenanceStatus?: components["schemas"]["v1MachineMaintenanceStatus"];
            ready?: boolean;
        };
        v1CloudStackAccount: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1CloudStackCloudAccount"];
            status?: components["schemas"]["v1CloudAccountStatus"];
        };
        v1CloudStackAccounts: {
            items: components["schemas"]["v1CloudStackAccount"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1CloudStackCloudAccount: {
            apiKey: string;
            apiUrl: string;
            domain?: string;
            insecure?: boolean;
            secretKey: string;
        };
        v1CloudStackMachine: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1CloudStackMachineSpec"];
            status?: components["schemas"]["v1CloudMachineStatus"];
        };
        v1CloudStackMachineDiskOffering: {
            /** Format: int32 */
            customSizeInGB?: number;
            device?: string;
            filesystem?: string;
            label?: string;
            mountPath?: string;
        };
        v1CloudStackMachineOffering: {
            name?: string;
        };
        v1CloudStackMachineSpec: {
            diskOffering?: components["schemas"]["v1CloudStackMachineDiskOffering"];
            failureDomainName?: string;
            instanceType?: components["schemas"]["v1GenericInstanceType"];
            machineMetadata?: components["schemas"]["v1MachineMetadata"];
            nics?: components["schemas"]["v1CloudStackNic"][];
            offering?: components["schemas"]["v1CloudStackMachineOffering"];
            providerID?: string;
            sshKey?: string;
            template?: components["schemas"]["v1CloudStackMachineTemplate"];
        };
        v1CloudStackMachineTemplate: {
            name?: string;
        };
        v1CloudStackMachines: {
            items: components["schemas"]["v1CloudStackMachine"][];
        };
        v1CloudStackNic: {
            /** Format: int32 */
            index?: number;
            macAddress?: string;
            networkName?: string;
            privateIPs?: string[];
        };
        /**
         * @default all
         * @enum {string}
         */
        v1CloudType: "all" | "aws" | "azure" | "gcp" | "vsphere" | "maas" | "nested" | "baremetal" | "eks" | "aks" | "edge" | "apache-cloudstack" | "edge-native" | "generic" | "gke";
        /** @description The backup schedule of a cluster and what came of it */
        v1ClusterBackup: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterBackupSpec"];
            status?: components["schemas"]["v1ClusterBackupStatus"];
        };
        /** @description What is backed up, where to, when, and for how long it is kept */
        v1ClusterBackupConfig: {
            backupLocationName?: string;
            backupLocationUid?: string;
            backupName?: string;
            backupPrefix?: string;
            /** @description Hours that a backup is kept */
            durationInHours?: number;
            includeAllDisks?: boolean;
            includeClusterResourceMode?: components["schemas"]["v1IncludeClusterResourceMode"];
            includeClusterResources?: boolean;
            locationType?: string;
            /** @description Namespaces to back up; every one when empty */
            namespaces?: string[];
            schedule?: components["schemas"]["v1ClusterFeatureSchedule"];
        };
        v1ClusterBackupLocationType: {
            locationType: string;
        };
        v1ClusterBackupSpec: {
            clusterUid?: string;
            config?: components["schemas"]["v1ClusterBackupConfig"];
        };
        v1ClusterBackupStatus: {
            clusterBackupStatuses?: components["schemas"]["v1ClusterBackupStatusMeta"][];
        };
        v1ClusterBackupStatusMeta: {
            actor?: components["schemas"]["v1ClusterFeatureActor"];
            backupConfig?: components["schemas"]["v1BackupStatusConfig"];
            backupLocationConfig?: components["schemas"]["v1BackupLocationConfig"];
            backupRequestUid?: string;
            backupStatusMeta?: components["schemas"]["v1BackupStatusMeta"][];
            restoreStatusMeta?: components["schemas"]["v1BackupRestoreStatusMeta"][];
            state?: string;
        };
        /** @description Which scans to run now */
        v1ClusterComplianceOnDemandConfig: {
            kubeBench?: components["schemas"]["v1ClusterComplianceScanKubeBenchConfig"];
            kubeHunter?: components["schemas"]["v1ClusterComplianceScanKubeHunterConfig"];
            sonobuoy?: components["schemas"]["v1ClusterComplianceScanSonobuoyConfig"];
            syft?: components["schemas"]["v1ClusterComplianceScanSyftConfig"];
        };
        /** @description The compliance scans of a cluster */
        v1ClusterComplianceScan: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterComplianceScanSpec"];
        };
        v1ClusterComplianceScanKubeBenchConfig: {
            /** @description Whether to run it */
            runScan?: boolean;
        };
        v1ClusterComplianceScanKubeBenchScheduleConfig: {
            schedule?: components["schemas"]["v1ClusterFeatureSchedule"];
        };
        v1ClusterComplianceScanKubeHunterConfig: {
            /** @description Whether to run it */
            runScan?: boolean;
        };
        v1ClusterComplianceScanKubeHunterScheduleConfig: {
            schedule?: components["schemas"]["v1ClusterFeatureSchedule"];
        };
        v1ClusterComplianceScanLogSpec: {
            clusterUid?: string;
            driverType?: string;
        };
        /** @description Scans of a cluster by driver, newest first; the reports without their single checks */
        v1ClusterComplianceScanLogs: {
            kubeBenchLogs?: components["schemas"]["v1ClusterScanLogKubeBench"][];
            kubeHunterLogs?: components["schemas"]["v1ClusterScanLogKubeHunter"][];
            sonobuoyLogs?: components["schemas"]["v1ClusterScanLogSonobuoy"][];
            syftLogs?: components["schemas"]["v1ClusterScanLogSyft"][];
        };
        v1ClusterComplianceScanSonobuoyConfig: {
            /** @description Whether to run it */
            runScan?: boolean;
        };
        v1ClusterComplianceScanSonobuoyScheduleConfig: {
            schedule?: components["schemas"]["v1ClusterFeatureSchedule"];
        };
        v1ClusterComplianceScanSpec: {
            clusterUid?: string;
            driverSpec?: {
                [key: string]: components["schemas"]["v1ComplianceScanDriverSpec"];
            };
        };
        v1ClusterComplianceScanSyftConfig: {
            config?: components["schemas"]["v1ClusterComplianceScanSyftDriverConfig"];
            /** @description Whether to run it */
            runScan?: boolean;
        };
        v1ClusterComplianceScanSyftDriverConfig: {
            /** @enum {string} */
            format?: "cyclonedx-json" | "github-json" | "spdx-json" | "syft-json";
            labelSelector?: string;
            location?: components["schemas"]["v1ObjectEntity"];
            namespace?: string;
            podName?: string;
            /** @enum {string} */
            scope?: "cluster" | "namespace" | "label-selector" | "pod";
        };
        /** @description A schedule for each kind of scan; a scan without one does not run */
        v1ClusterComplianceScheduleConfig: {
            kubeBench?: components["schemas"]["v1ClusterComplianceScanKubeBenchScheduleConfig"];
            kubeHunter?: components["schemas"]["v1ClusterComplianceScanKubeHunterScheduleConfig"];
            sonobuoy?: components["schemas"]["v1ClusterComplianceScanSonobuoyScheduleConfig"];
        };
        /** @description One aspect of the state of a cluster, as Kubernetes conditions are */
        v1ClusterCondition: {
            lastProbeTime?: components["schemas"]["v1Time"];
            lastTransitionTime?: components["schemas"]["v1Time"];
            message?: string;
            reason?: string;
            status: string;
            type: string;
        };
        /** @description Settings of a cluster beside its profiles */
        v1ClusterConfig: {
            clusterMetaAttribute?: string;
            clusterRbac?: components["schemas"]["v1ResourceReference"][];
            clusterResources?: components["schemas"]["v1ClusterResources"];
            controlPlaneHealthCheckTimeout?: string;
            hostClusterConfig?: components["schemas"]["v1HostClusterConfig"];
            hybridClusterConfig?: components["schemas"]["v1HybridClusterConfig"];
            hyperShiftConfig?: components["schemas"]["v1HyperShiftConfig"];
            lifecycleConfig?: components["schemas"]["v1LifecycleConfig"];
            machineHealthConfig?: components["schemas"]["v1MachineHealthCheckConfig"];
            machineManagementConfig?: components["schemas"]["v1MachineManagementConfig"];
            timezone?: string;
            updateWorkerPoolsInParallel?: boolean;
        };
        v1ClusterConfigResponse: {
            hostClusterConfig?: components["schemas"]["v1HostClusterConfigResponse"];
            timezone?: string;
        };
        /** @enum {string} */
        v1ClusterDeploymentType: "hypershift" | "openshift";
        v1ClusterFeatureActor: {
            actorType?: string;
            uid?: string;
        };
        /** @description When something runs, as a cron expression */
        v1ClusterFeatureSchedule: {
            /** @description Cron expression */
            scheduledRunTime?: string;
        };
        v1ClusterFips: {
            mode?: components["schemas"]["v1ClusterFipsMode"];
        };
        /**
         * @default none
         * @enum {string}
         */
        v1ClusterFipsMode: "full" | "none" | "partial" | "unknown";
        /** @description Host clusters that virtual clusters are placed on */
        v1ClusterGroup: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterGroupSpec"];
            status?: components["schemas"]["v1ClusterGroupStatus"];
        };
        v1ClusterGroupClusterRef: {
            clusterName?: string;
            clusterUid?: string;
        };
        v1ClusterGroupClustersConfig: {
            /** @enum {string} */
            endpointType?: "Ingress" | "LoadBalancer";
            hostClustersConfig?: components["schemas"]["v1ClusterGroupHostClusterConfig"][];
            kubernetesDistroType?: components["schemas"]["v1ClusterKubernetesDistroType"];
            limitConfig?: components["schemas"]["v1ClusterGroupLimitConfig"];
            values?: string;
        };
        v1ClusterGroupEntity: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterGroupSpecEntity"];
        };
        v1ClusterGroupHostClusterConfig: {
            clusterUid?: string;
            endpointConfig?: components["schemas"]["v1HostClusterEndpointConfig"];
        };
        v1ClusterGroupHostClusterEntity: {
            clusterRefs?: components["schemas"]["v1ClusterGroupClusterRef"][];
            clustersConfig?: components["schemas"]["v1ClusterGroupClustersConfig"];
        };
        /** @description What one virtual cluster may use at most */
        v1ClusterGroupLimitConfig: {
            /** Format: int32 */
            cpu?: number;
            /** Format: int32 */
            cpuMilliCore?: number;
            /** Format: int32 */
            memory?: number;
            /** Format: int32 */
            memoryMiB?: number;
            /**
             * Format: int32
             * @description Percent of what the host clusters have that may be promised
             */
            overSubscription?: number;
            /** Format: int32 */
            storageGiB?: number;
        };
        v1ClusterGroupResource: {
            /** Format: double */
            allocated?: number;
            /** Format: double */
            used?: number;
        };
        v1ClusterGroupSpec: {
            clusterProfileTemplates?: components["schemas"]["v1ClusterProfileTemplate"][];
            clusterRefs?: components["schemas"]["v1ClusterGroupClusterRef"][];
            clustersConfig?: components["schemas"]["v1ClusterGroupClustersConfig"];
            /** @enum {string} */
            type?: "hostCluster";
        };
        v1ClusterGroupSpecEntity: {
            clusterRefs?: components["schemas"]["v1ClusterGroupClusterRef"][] | null;
            clustersConfig?: components["schemas"]["v1ClusterGroupClustersConfig"];
            profiles?: components["schemas"]["v1SpectroClusterProfileEntity"][] | null;
            /** @enum {string} */
            type?: "hostCluster";
        };
        v1ClusterGroupStatus: {
            isActive?: boolean;
        };
        v1ClusterGroupSummary: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterGroupSummarySpec"];
        };
        v1ClusterGroupSummarySpec: {
            clusterProfileTemplates?: components["schemas"]["v1ClusterProfileTemplateMeta"][];
            cpu?: components["schemas"]["v1ClusterGroupResource"];
            /** @enum {string} */
            endpointType?: "Ingress" | "LoadBalancer";
            hostClusters?: components["schemas"]["v1ObjectResReference"][];
            hostClustersCount?: number;
            kubernetesDistroType?: components["schemas"]["v1ClusterKubernetesDistroType"];
            memory?: components["schemas"]["v1ClusterGroupResource"];
            scope?: string;
            virtualClustersCount?: number;
        };
        v1ClusterGroupsHostClusterMetadata: {
            items: components["schemas"]["v1ObjectScopeEntity"][];
        };
        v1ClusterGroupsHostClusterSummary: {
            summaries: components["schemas"]["v1ClusterGroupSummary"][];
        };
        /** @description How far the import of an existing cluster has come */
        v1ClusterImport: {
            /** @description Command line that joins the cluster: kubectl applies the import manifest from its address */
            importLink?: string;
            /** @description Whether the cluster existed before it was registered; `spec.clusterType` of the cluster says more */
            isBrownfield?: boolean;
            state?: string;
        };
        v1ClusterKubeBenchLogStatus: {
            actor?: components["schemas"]["v1ClusterFeatureActor"];
            message?: string;
            reports?: {
                [key: string]: components["schemas"]["v1KubeBenchReport"];
            };
            /** @description Of the request that asked for it; scans that were asked for together have one */
            requestUid?: string;
            scanTime?: components["schemas"]["v1ClusterScanTime"];
            state?: string;
        };
        v1ClusterKubeHunterLogStatus: {
            actor?: components["schemas"]["v1ClusterFeatureActor"];
            message?: string;
            reports?: {
                [key: string]: components["schemas"]["v1KubeHunterReport"];
            };
            /** @description Of the request that asked for it; scans that were asked for together have one */
            requestUid?: string;
            scanTime?: components["schemas"]["v1ClusterScanTime"];
            state?: string;
        };
        /**
         * @default k3s
         * @enum {string}
         */
        v1ClusterKubernetesDistroType: "k3s" | "cncf_k8s" | "vcluster-generic";
        /** @description Where a cluster is on the map */
        v1ClusterLocation: {
            countryCode?: string;
            countryName?: string;
            geoLoc?: components["schemas"]["v1GeolocationLatlong"];
            regionCode?: string;
            regionName?: string;
        };
        /** @description A free-form text that is kept with a cluster */
        v1ClusterMetaAttributeEntity: {
            clusterMetaAttribute?: string;
        };
        v1ClusterMetaSpecLocation: {
            coordinates?: number[];
            countryCode?: string;
            countryName?: string;
            regionCode?: string;
            regionName?: string;
        };
        /** @description A namespace that a cluster is given, with its quota */
        v1ClusterNamespaceResource: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterNamespaceSpec"];
            status?: components["schemas"]["v1ClusterNamespaceStatus"];
        };
        /** @description Quota of a namespace */
        v1ClusterNamespaceResourceAllocation: {
            /** @description CPU limit in cores */
            cpuCores?: number;
            gpuConfig?: components["schemas"]["v1GpuConfig"];
            /** @description Memory limit in MiB */
            memoryMiB?: number;
        };
        v1ClusterNamespaceResourceInputEntity: {
            metadata?: components["schemas"]["v1ObjectMetaUpdateEntity"];
            spec?: components["schemas"]["v1ClusterNamespaceSpec"];
        };
        v1ClusterNamespaceResources: {
            items: components["schemas"]["v1ClusterNamespaceResource"][];
        };
        /** @description All namespaces that a cluster shall be given */
        v1ClusterNamespaceResourcesUpdateEntity: {
            namespaces?: components["schemas"]["v1ClusterNamespaceResourceInputEntity"][];
        };
        /** @description Quota of a namespace, or of every namespace whose name matches */
        v1ClusterNamespaceSpec: {
            /** @description Whether the name is a regular expression that namespaces are matched with */
            isRegex?: boolean;
            relatedObject?: components["schemas"]["v1RelatedObject"];
            resourceAllocation?: components["schemas"]["v1ClusterNamespaceResourceAllocation"];
        };
        v1ClusterNamespaceStatus: {
            errors?: components["schemas"]["v1ClusterResourceError"][];
        };
        v1ClusterNotificationStatus: {
            isAvailable?: boolean;
            isTemplateVariableResolutionPending?: boolean;
        };
        v1ClusterPackManifestStatus: {
            condition?: components["schemas"]["v1ClusterCondition"];
            name?: string;
            uid?: string;
        };
        v1ClusterPackStatus: {
            condition?: components["schemas"]["v1ClusterCondition"];
            endTime?: components["schemas"]["v1Time"];
            manifests?: components["schemas"]["v1ClusterPackManifestStatus"][];
            name?: string;
            profileUid?: string;
            services?: components["schemas"]["v1LoadBalancerService"][];
            startTime?: components["schemas"]["v1Time"];
            type?: string;
            version?: string;
        };
        /** @description A cluster profile: metadata, the published form, the draft, and where it is used */
        v1ClusterProfile: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterProfileSpec"];
            status?: components["schemas"]["v1ClusterProfileStatus"];
        };
        /** @description What the copy of a profile is called and where it goes */
        v1ClusterProfileCloneEntity: {
            metadata?: components["schemas"]["v1ClusterProfileCloneMetaInputEntity"];
        };
        v1ClusterProfileCloneMetaInputEntity: {
            name: string;
            target?: components["schemas"]["v1ClusterProfileCloneTarget"];
            version?: string;
        };
        v1ClusterProfileCloneTarget: {
            projectUid?: string;
            scope: components["schemas"]["v1Scope"];
        };
        /** @description A cluster profile to be created */
        v1ClusterProfileEntity: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                template?: components["schemas"]["v1ClusterProfileTemplateDraft"];
                variables?: components["schemas"]["v1Variable"][];
                version?: string;
            };
        };
        /** @description A cluster profile as it is exported */
        v1ClusterProfileImportEntity: {
            metadata?: components["schemas"]["v1ClusterProfileMetadataImportEntity"];
            spec?: components["schemas"]["v1ClusterProfileSpecImportEntity"];
        };
        /** @description A cluster profile in short: name, version, scope, type, cloud */
        v1ClusterProfileMetadata: {
            metadata?: components["schemas"]["v1ObjectEntity"];
            spec?: {
                cloudType?: string;
                version?: string;
            };
        };
        v1ClusterProfileMetadataImportEntity: {
            description?: string;
            labels?: {
                [key: string]: string;
            };
            name?: string;
        };
        /** @description A profile has a draft, which changes go to, and a published form, which clusters take */
        v1ClusterProfileSpec: {
            draft?: components["schemas"]["v1ClusterProfileTemplate"];
            published?: components["schemas"]["v1ClusterProfileTemplate"];
            /** @description Version of the profile, as semantic versioning has it */
            version?: string;
            versions?: components["schemas"]["v1ClusterProfileVersion"][];
        };
        v1ClusterProfileSpecEntity: {
            version?: string;
        };
        v1ClusterProfileSpecImportEntity: {
            template?: components["schemas"]["v1ClusterProfileTemplateImportEntity"];
            variables?: components["schemas"]["v1Variable"][];
            version?: string;
        };
        /** @description Whether the profile is published and what uses it */
        v1ClusterProfileStatus: {
            hasUserMacros?: boolean;
            inUseClusterTemplates?: components["schemas"]["v1ProjectResourceReference"][];
            inUseClusterUids?: string[];
            inUseClusters?: components["schemas"]["v1ObjectResReference"][];
            /** @description Whether there is a published form */
            isPublished?: boolean;
            /** @description Whether the content of this version cannot change any more; beyond Palette's API */
            sealed?: boolean;
            /** @description What the policies said when it was published; beyond Palette's API */
            policyFindings?: components["schemas"]["PolicyFinding"][];
        };
        /** @description Layers of a profile in one state, draft or published */
        v1ClusterProfileTemplate: {
            cloudType?: string;
            /** @description Address of what the published form says, the same wherever it is; beyond Palette's API */
            digest?: string;
            /** @description Of a cluster's profile, the digest of what its agent last applied; beyond Palette's API */
            runningDigest?: string;
            name?: string;
            packServerRefs?: components["schemas"]["v1ObjectReference"][];
            packServerSecret?: string;
            /** @description Layers, infrastructure first */
            packs?: components["schemas"]["v1PackRef"][];
            profileVersion?: string;
            relatedObject?: components["schemas"]["v1ObjectReference"];
            type?: string;
            uid?: string;
            /** Format: int32 */
            version?: number;
        };
        /** @description Layers of a new profile */
        v1ClusterProfileTemplateDraft: {
            cloudType?: string;
            packs?: components["schemas"]["v1PackManifestEntity"][];
            type?: components["schemas"]["v1ProfileType"];
        };
        v1ClusterProfileTemplateImportEntity: {
            cloudType?: string;
            packs?: components["schemas"]["v1PackImportEntity"][];
            type?: string;
        };
        v1ClusterProfileTemplateMeta: {
            cloudType?: string;
            name?: string;
            packs?: components["schemas"]["v1PackRef"][];
            scope?: string;
            type?: string;
            uid?: string;
            /** Format: int32 */
            version?: number;
        };
        /** @description Layers that replace those of a profile */
        v1ClusterProfileTemplateUpdate: {
            packs?: components["schemas"]["v1PackManifestUpdateEntity"][];
            type?: components["schemas"]["v1ProfileType"];
        };
        /** @description Changes to a cluster profile */
        v1ClusterProfileUpdateEntity: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                template?: components["schemas"]["v1ClusterProfileTemplateUpdate"];
                version?: string;
            };
        };
        /** @description Another version of the same profile */
        v1ClusterProfileVersion: {
            uid?: string;
            version?: string;
        };
        v1ClusterProfilesMetadata: {
            items: components["schemas"]["v1ClusterProfileMetadata"][];
        };
        v1ClusterProxySpec: {
            caContainerMountPath?: string;
            caHostPath?: string;
            httpProxy?: string;
            httpsProxy?: string;
            noProxy?: string;
        };
        /** @description A role binding that a cluster is given */
        v1ClusterRbac: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterRbacSpec"];
            status?: components["schemas"]["v1ClusterRbacStatus"];
        };
        /** @description Subjects that get a role, in one namespace or in the whole cluster */
        v1ClusterRbacBinding: {
            /** @description Namespace of a RoleBinding; empty for a ClusterRoleBinding */
            namespace?: string;
            role?: components["schemas"]["v1ClusterRoleRef"];
            subjects?: components["schemas"]["v1ClusterRbacSubjects"][];
            /** @enum {string} */
            type?: "RoleBinding" | "ClusterRoleBinding";
        };
        v1ClusterRbacInputEntity: {
            metadata?: components["schemas"]["v1ObjectMetaUpdateEntity"];
            spec?: components["schemas"]["v1ClusterRbacSpec"];
        };
        /** @description All role bindings that a cluster shall be given */
        v1ClusterRbacResourcesUpdateEntity: {
            rbacs?: components["schemas"]["v1ClusterRbacInputEntity"][];
        };
        v1ClusterRbacSpec: {
            bindings?: components["schemas"]["v1ClusterRbacBinding"][];
            /** @default false */
            isSystem?: boolean;
            relatedObject?: components["schemas"]["v1RelatedObject"];
        };
        v1ClusterRbacStatus: {
            errors?: components["schemas"]["v1ClusterResourceError"][];
        };
        /** @description A user, a group or a service account */
        v1ClusterRbacSubjects: {
            name?: string;
            namespace?: string;
            /** @enum {string} */
            type?: "User" | "Group" | "ServiceAccount";
        };
        v1ClusterRbacs: {
            items: components["schemas"]["v1ClusterRbac"][];
        };
        /** @description How far a cluster has followed its template */
        v1ClusterReconcile: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterReconcileSpec"];
            status?: components["schemas"]["v1ClusterReconcileStatus"];
        };
        v1ClusterReconcileLog: {
            /** Format: date-time */
            appliedTimestamp?: string;
            message?: string;
            profileUids?: string[];
            /** @enum {string} */
            state?: "Created" | "Pending" | "InProgress" | "Applied" | "Failed";
        };
        v1ClusterReconcileSpec: {
            profiles?: components["schemas"]["v1ClusterTemplateProfileVariables"][];
        };
        v1ClusterReconcileStatus: {
            /** Format: date-time */
            lastAppliedTimestamp?: string;
            message?: string;
            /** @enum {string} */
            state?: "Created" | "Pending" | "InProgress" | "Applied" | "Failed";
            updateLogs?: components["schemas"]["v1ClusterReconcileLog"][];
            variableStatus?: components["schemas"]["v1ClusterVariableReconcileStatus"];
        };
        v1ClusterReconcileStatusCounts: {
            clusters?: {
                applied?: string[];
                failed?: string[];
                pending?: string[];
            };
        };
        v1ClusterRefs: {
            clusters?: components["schemas"]["v1ObjectReference"][];
        };
        /** @enum {string} */
        v1ClusterRepaveSource: "user" | "hubble" | "palette" | "stylus";
        /**
         * @default Pending
         * @enum {string}
         */
        v1ClusterRepaveState: "Pending" | "Approved" | "Reverted";
        /** @description Where a repave stands */
        v1ClusterRepaveStatus: {
            state?: components["schemas"]["v1ClusterRepaveState"];
        };
        /** @description A resource of the cluster that could not be made, and why */
        v1ClusterResourceError: {
            msg?: string;
            name?: string;
            resourceType?: string;
        };
        v1ClusterResources: {
            namespaces?: components["schemas"]["v1ResourceReference"][];
            rbacs?: components["schemas"]["v1ResourceReference"][];
        };
        v1ClusterRestore: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                clusterUid?: string;
            };
            status?: {
                clusterRestoreStatuses?: components["schemas"]["v1ClusterRestoreStatusMeta"][];
            };
        };
        v1ClusterRestoreConfig: {
            backupName: string;
            /** @description Identifier of the action that made the backup */
            backupRequestUid: string;
            destinationClusterUid: string;
            includeClusterResourceMode?: components["schemas"]["v1IncludeClusterResourceMode"];
            includeClusterResources?: boolean;
            includeNamespaces?: string[];
            preserveNodePorts?: boolean;
            restorePVs?: boolean;
        };
        v1ClusterRestoreStatusMeta: {
            actor?: components["schemas"]["v1ClusterFeatureActor"];
            backupName?: string;
            backupRequestUid?: string;
            restoreRequestUid?: string;
            restoreStatusMeta?: {
                isSucceeded?: boolean;
                msg?: string;
                restoreTime?: components["schemas"]["v1Time"];
            };
            sourceClusterRef?: components["schemas"]["v1ResourceReference"];
            state?: string;
        };
        /** @description The role that is bound: a Role or a ClusterRole by name */
        v1ClusterRoleRef: {
            /** @enum {string} */
            kind?: "Role" | "ClusterRole";
            name?: string;
        };
        v1ClusterScanLogKubeBench: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterComplianceScanLogSpec"];
            status?: components["schemas"]["v1ClusterKubeBenchLogStatus"];
        };
        v1ClusterScanLogKubeHunter: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterComplianceScanLogSpec"];
            status?: components["schemas"]["v1ClusterKubeHunterLogStatus"];
        };
        v1ClusterScanLogSonobuoy: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterComplianceScanLogSpec"];
            status?: components["schemas"]["v1ClusterSonobuoyLogStatus"];
        };
        v1ClusterScanLogSyft: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterComplianceScanLogSpec"];
            status?: components["schemas"]["v1ClusterSyftLogStatus"];
        };
        v1ClusterScanTime: {
            endTime?: components["schemas"]["v1Time"];
            startTime?: components["schemas"]["v1Time"];
        };
        v1ClusterSonobuoyLogStatus: {
            actor?: components["schemas"]["v1ClusterFeatureActor"];
            message?: string;
            reports?: {
                [key: string]: components["schemas"]["v1SonobuoyReport"];
            };
            /** @description Of the request that asked for it; scans that were asked for together have one */
            requestUid?: string;
            scanTime?: components["schemas"]["v1ClusterScanTime"];
            state?: string;
        };
        v1ClusterSyftLogStatus: {
            actor?: components["schemas"]["v1ClusterFeatureActor"];
            location?: components["schemas"]["v1ObjectEntity"];
            message?: string;
            reports?: components["schemas"]["v1SyftReport"][];
            /** @description Of the request that asked for it; scans that were asked for together have one */
            requestUid?: string;
            scanContext?: components["schemas"]["v1SyftScanContext"];
            scanTime?: components["schemas"]["v1ClusterScanTime"];
            state?: string;
        };
        /** @description A cluster template: profiles and policies that many clusters follow */
        v1ClusterTemplate: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterTemplateSpec"];
            status?: components["schemas"]["v1ClusterTemplateStatus"];
        };
        v1ClusterTemplateEntity: {
            metadata?: components["schemas"]["v1ObjectMetaInputEntity"];
            spec?: components["schemas"]["v1ClusterTemplateEntitySpec"];
        };
        v1ClusterTemplateEntitySpec: {
            cloudType?: string;
            policies?: components["schemas"]["v1PolicyRef"][] | null;
            profiles?: components["schemas"]["v1ClusterTemplateProfile"][] | null;
        };
        v1ClusterTemplateMaintenanceStatus: {
            /** Format: date-time */
            nextWindowEndTime?: string;
            /** Format: date-time */
            nextWindowStartTime?: string;
        };
        v1ClusterTemplateMetadata: {
            name?: string;
            projectUid?: string;
            uid?: string;
        };
        v1ClusterTemplatePoliciesUpdateEntity: {
            policies: components["schemas"]["v1PolicyRef"][] | null;
        };
        v1ClusterTemplateProfile: {
            uid?: string;
            variables?: components["schemas"]["v1ClusterTemplateVariable"][] | null;
        };
        v1ClusterTemplateProfileVariable: {
            uid?: string;
            variables?: components["schemas"]["v1SpectroClusterVariable"][];
        };
        v1ClusterTemplateProfileVariableWithClusters: {
            clusters: components["schemas"]["v1ClusterTemplateVariableClusterAssignment"][];
            variable: components["schemas"]["v1Variable"];
        };
        v1ClusterTemplateProfileVariables: {
            name?: string;
            uid: string;
            variables?: {
                resolvedVariables?: components["schemas"]["v1SpectroClusterVariable"][];
                unResolvedVariables?: components["schemas"]["v1SpectroClusterVariable"][];
            };
        };
        v1ClusterTemplateProfileVariablesGroup: {
            uid: string;
            variables: components["schemas"]["v1ClusterTemplateVariableClusterMapping"][] | null;
        };
        v1ClusterTemplateProfileVariablesResponse: {
            variables?: components["schemas"]["v1ClusterTemplateProfileVariableWithClusters"][];
        };
        v1ClusterTemplateProfilesUpdateEntity: {
            profiles: components["schemas"]["v1ClusterTemplateProfile"][] | null;
        };
        v1ClusterTemplateProfilesVariablesBatchEntity: {
            profiles: components["schemas"]["v1ClusterTemplateProfileVariablesGroup"][] | null;
        };
        v1ClusterTemplateSpcRef: {
            clusterUid?: string;
            name?: string;
        };
        v1ClusterTemplateSpec: {
            cloudType?: string;
            clusters?: {
                [key: string]: components["schemas"]["v1ClusterTemplateSpcRef"];
            };
            policies?: components["schemas"]["v1PolicyRef"][];
            profiles?: components["schemas"]["v1ClusterTemplateProfile"][];
        };
        v1ClusterTemplateSpectroClusterMeta: {
            name?: string;
            projectUid?: string;
            uid?: string;
        };
        v1ClusterTemplateStatus: {
            clusterStatusCounts?: components["schemas"]["v1ClusterReconcileStatusCounts"];
            clusterVariables?: components["schemas"]["v1ClusterVariableStatus"];
            maintenance?: components["schemas"]["v1ClusterTemplateMaintenanceStatus"];
            /** @enum {string} */
            state?: "Pending" | "Applied" | "Failed" | "PartiallyApplied";
        };
        v1ClusterTemplateSummary: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ClusterTemplateSummarySpec"];
            status?: components["schemas"]["v1ClusterTemplateSummaryStatus"];
        };
        v1ClusterTemplateSummarySpec: {
            cloudType?: components["schemas"]["v1CloudType"];
            clusters?: components["schemas"]["v1ClusterTemplateSpectroClusterMeta"][];
        };
        v1ClusterTemplateSummaryStatus: {
            inUseClusters?: components["schemas"]["v1ObjectEntity"][];
            state?: string;
        };
        v1ClusterTemplateUpgradeSpec: {
            /** @description Clusters of the template; all of them when empty */
            clusterUids?: string[] | null;
        };
        v1ClusterTemplateVariable: {
            /**
             * @description `all`: every cluster gets `value`; `cluster`: each has its own, of `clusters` or given by itself
             * @enum {string}
             */
            assignStrategy?: "all" | "cluster";
            clusters?: components["schemas"]["v1ClusterVariableValue"][];
            name?: string;
            value?: string;
        };
        v1ClusterTemplateVariableClusterAssignment: {
            /** @enum {string} */
            assignedBy?: "spectrocluster" | "clustertemplate";
            assignedValue?: string;
            /** @enum {string} */
            assignmentState: "Pending" | "Assigned";
            uid: string;
            value?: string;
        };
        v1ClusterTemplateVariableClusterMapping: {
            clusters: components["schemas"]["v1ClusterVariableValue"][] | null;
            name: string;
        };
        v1ClusterTemplateVariablesUpdateEntity: {
            profiles: components["schemas"]["v1ClusterTemplateProfileVariable"][] | null;
        };
        v1ClusterTemplatesFilterSpec: {
            cloudType?: components["schemas"]["v1CloudType"][];
            clusterTemplateName?: components["schemas"]["v1FilterString"];
            policyUid?: components["schemas"]["v1FilterString"];
            projectUid?: components["schemas"]["v1FilterString"];
            tags?: components["schemas"]["v1FilterArray"];
        };
        v1ClusterTemplatesFilterSummarySpec: {
            filter?: components["schemas"]["v1ClusterTemplatesFilterSpec"];
            sort?: components["schemas"]["v1ClusterTemplatesSortSpec"][];
        };
        v1ClusterTemplatesMetadata: {
            items: components["schemas"]["v1ClusterTemplateMetadata"][];
        };
        /** @enum {string|null} */
        v1ClusterTemplatesSortFields: "clusterTemplateName" | "cloudType" | "creationTimestamp" | "lastModifiedTimestamp" | null;
        v1ClusterTemplatesSortSpec: {
            field?: components["schemas"]["v1ClusterTemplatesSortFields"];
            order?: components["schemas"]["v1SortOrder"];
        };
        v1ClusterTemplatesSummary: {
            items: components["schemas"]["v1ClusterTemplateSummary"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        /** @description Whether the platform components in the cluster upgrade by themselves (`unlock`) or stay as they are (`lock`) */
        v1ClusterUpgradeSettingsEntity: {
            /** @enum {string} */
            spectroComponents?: "lock" | "unlock";
        };
        v1ClusterVariableReconcileStatus: {
            /** @enum {string} */
            state?: "Resolved" | "Unresolved";
        };
        v1ClusterVariableStatus: {
            resolved?: number;
            unResolved?: number;
        };
        v1ClusterVariableValue: {
            uid?: string;
            value?: string;
        };
        v1ComplianceScanConfig: {
            schedule?: components["schemas"]["v1ClusterFeatureSchedule"];
        };
        v1ComplianceScanDriverSpec: {
            config?: components["schemas"]["v1ComplianceScanConfig"];
            isClusterConfig?: boolean;
        };
        v1ComputeMetrics: {
            lastUpdatedTime?: components["schemas"]["v1Time"];
            limit?: number;
            request?: number;
            total?: number;
            unit?: string;
            usage?: number;
        };
        v1CustomAccount: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1CustomCloudAccount"];
            status?: components["schemas"]["v1CloudAccountStatus"];
        };
        v1CustomAccounts: {
            items: components["schemas"]["v1CustomAccount"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1CustomCloudAccount: {
            credentials: {
                [key: string]: string;
            };
        };
        /** @description An Amazon ECR registry */
        v1EcrRegistry: {
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1EcrRegistrySpec"];
            status?: components["schemas"]["v1OciRegistryStatus"];
        };
        v1EcrRegistrySpec: {
            /** @description What the names of the repositories begin with */
            baseContentPath?: string;
            containsSpectroManifest?: boolean;
            credentials?: components["schemas"]["v1AwsCloudAccount"];
            defaultRegion?: string;
            endpoint: string;
            isPrivate: boolean;
            /** @description Whether the plane looks into it by itself */
            isSyncSupported?: boolean;
            /**
             * @default helm
             * @enum {string}
             */
            providerType?: "helm" | "pack" | "zarf";
            registryUid?: string;
            scope?: string;
            tls?: components["schemas"]["v1TlsConfiguration"];
        };
        /** @description A registration token */
        v1EdgeToken: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1EdgeTokenSpec"];
            status?: components["schemas"]["v1EdgeTokenStatus"];
        };
        /** @description Whether the token is accepted */
        v1EdgeTokenActiveState: {
            isActive?: boolean;
        };
        /** @description A registration token to be created */
        v1EdgeTokenEntity: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1EdgeTokenSpecEntity"];
        };
        v1EdgeTokenProject: {
            name?: string;
            uid?: string;
        };
        /** @description The token, when it ends, and the project that newcomers join */
        v1EdgeTokenSpec: {
            defaultProject?: components["schemas"]["v1EdgeTokenProject"];
            /** @description When the token ends */
            expiry?: components["schemas"]["v1Time"];
            /** @description What newcomers present */
            token?: string;
        };
        v1EdgeTokenSpecEntity: {
            /** @description Project that newcomers join */
            defaultProjectUid?: string;
            /** @description When the token ends */
            expiry?: components["schemas"]["v1Time"];
        };
        v1EdgeTokenSpecUpdate: {
            defaultProjectUid?: string;
            expiry?: components["schemas"]["v1Time"];
        };
        v1EdgeTokenStatus: {
            isActive?: boolean;
        };
        /** @description Changes to a registration token */
        v1EdgeTokenUpdate: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1EdgeTokenSpecUpdate"];
        };
        /** @description Registration tokens */
        v1EdgeTokens: {
            items: components["schemas"]["v1EdgeToken"][];
        };
        /** @description Why a request failed */
        v1Error: {
            /** @description A constant name for the kind of failure, for programs, for example `ResourceNotFound` */
            code: string;
            /** @description What was wrong, where, and what to do, for people */
            message: string;
            /** @description More about it, its shape told by `code`; absent or null when there is no more */
            details?: unknown;
            /** @description Names the request in the logs, as the header `X-Request-Id` does */
            ref?: string;
        };
        /** @description Something that happened to a cluster, and how often */
        v1Event: {
            involvedObject?: components["schemas"]["v1ObjectReference"];
            message?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            reason?: string;
            relatedObject?: {
                /** @enum {string} */
                kind?: "spectrocluster" | "edgehost";
                name?: string;
                uid?: string;
            };
            severity?: string;
            source?: {
                component?: string;
                host?: string;
            };
        };
        v1Events: {
            items: components["schemas"]["v1Event"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1FilterArray: {
            beginsWith?: string[] | null;
            eq?: string[] | null;
            /** @default true */
            ignoreCase?: boolean;
            ne?: string[] | null;
        };
        /** @description A condition on a text; each part that is present must hold */
        v1FilterString: {
            beginsWith?: string | null;
            contains?: string | null;
            eq?: string | null;
            /** @default true */
            ignoreCase?: boolean;
            ne?: string | null;
        };
        v1FilterVersionString: {
            beginsWith?: string | null;
            eq?: string | null;
            gt?: string | null;
            lt?: string | null;
            ne?: string | null;
        };
        v1GcpAccount: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1GcpAccountSpec"];
            status?: components["schemas"]["v1CloudAccountStatus"];
        };
        v1GcpAccountCredentials: {
            /** @description Key of a service account as JSON; left out when read */
            jsonCredentials?: string;
        };
        v1GcpAccountNameValidateSpec: {
            bucketName: string;
            credentials: {
                jsonCredentials?: string;
            };
            projectId?: string;
        };
        v1GcpAccountSpec: {
            jsonCredentials?: string;
        };
        v1GcpAccounts: {
            items: components["schemas"]["v1GcpAccount"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1GcpMachine: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1GcpMachineSpec"];
            status?: components["schemas"]["v1CloudMachineStatus"];
        };
        v1GcpMachineSpec: {
            image?: string;
            instanceConfig?: components["schemas"]["v1InstanceConfig"];
            instanceType: string;
            machineMetadata?: components["schemas"]["v1MachineMetadata"];
            nics?: components["schemas"]["v1GcpNic"][];
            project?: string;
            region?: string;
            /** Format: int64 */
            rootDeviceSize?: number;
            zone?: string;
        };
        v1GcpMachines: {
            items: components["schemas"]["v1GcpMachine"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1GcpNic: {
            /** Format: int32 */
            index?: number;
            networkName?: string;
            privateIPs?: string[];
            publicIp?: string;
        };
        v1GcpStorageConfig: {
            bucketName: string;
            credentials: components["schemas"]["v1GcpAccountCredentials"];
            projectId?: string;
        };
        v1GenericInstanceType: {
            /** Format: int32 */
            diskGiB?: number;
            id?: string;
            /** Format: int64 */
            memoryMiB?: number;
            name?: string;
            /** Format: int32 */
            numCPUs?: number;
        };
        v1GenericMachine: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1GenericMachineSpec"];
            status?: components["schemas"]["v1CloudMachineStatus"];
        };
        v1GenericMachineSpec: {
            hostName?: string;
            imageId?: string;
            instanceType?: components["schemas"]["v1GenericInstanceType"];
            machineMetadata?: components["schemas"]["v1MachineMetadata"];
            nics?: components["schemas"]["v1GenericNic"][];
            sshKeyName?: string;
        };
        v1GenericMachines: {
            items: components["schemas"]["v1GenericMachine"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1GenericNic: {
            /** Format: int32 */
            index?: number;
            networkName?: string;
            privateIPs?: string[];
            publicIp?: string;
        };
        /** @description A place on the map */
        v1GeolocationLatlong: {
            /** Format: double */
            latitude?: number;
            /** Format: double */
            longitude?: number;
        };
        v1GpuConfig: {
            /** Format: int32 */
            limit?: number;
            /**
             * @default nvidia
             * @enum {string}
             */
            provider?: "nvidia";
        };
        v1HelmChartOption: {
            name?: string;
            version?: string;
        };
        v1HelmRegistries: {
            items: components["schemas"]["v1HelmRegistry"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1HelmRegistriesSummary: {
            items: components["schemas"]["v1HelmRegistrySummary"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        /** @description A Helm registry */
        v1HelmRegistry: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1HelmRegistrySpec"];
            status?: components["schemas"]["v1HelmRegistryStatus"];
        };
        v1HelmRegistryCreateOption: {
            /** @description Charts that must be there, else the registry is not stored */
            charts?: components["schemas"]["v1HelmChartOption"][];
            skipSync?: boolean;
        };
        /** @description A Helm registry to be stored */
        v1HelmRegistryEntity: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1HelmRegistrySpecEntity"];
        };
        v1HelmRegistrySpec: {
            auth: components["schemas"]["v1RegistryAuth"];
            endpoint: string;
            isPrivate?: boolean;
            name?: string;
            registryUid?: string;
            scope?: string;
        };
        v1HelmRegistrySpecEntity: {
            auth: components["schemas"]["v1RegistryAuth"];
            createOption?: components["schemas"]["v1HelmRegistryCreateOption"];
            endpoint: string;
            isPrivate?: boolean;
            name?: string;
            scope?: string;
        };
        v1HelmRegistrySpecSummary: {
            endpoint?: string;
            isPrivate?: boolean;
            scope?: string;
        };
        v1HelmRegistryStatus: {
            helmSyncStatus?: components["schemas"]["v1RegistrySyncStatus"];
        };
        v1HelmRegistryStatusSummary: {
            sync?: components["schemas"]["v1RegistrySyncStatus"];
        };
        v1HelmRegistrySummary: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1HelmRegistrySpecSummary"];
            status?: components["schemas"]["v1HelmRegistryStatusSummary"];
        };
        /** @description Whether virtual clusters run on this cluster and how they are reached */
        v1HostClusterConfig: {
            clusterEndpoint?: components["schemas"]["v1HostClusterEndpoint"];
            clusterGroup?: components["schemas"]["v1ObjectReference"];
            hostCluster?: components["schemas"]["v1ObjectReference"];
            /** @default false */
            isHostCluster?: boolean;
        };
        v1HostClusterConfigEntity: {
            hostClusterConfig?: components["schemas"]["v1HostClusterConfig"];
        };
        v1HostClusterConfigResponse: {
            clusterGroup?: components["schemas"]["v1ObjectReference"];
        };
        v1HostClusterEndpoint: {
            config?: components["schemas"]["v1HostClusterEndpointConfig"];
            /** @enum {string} */
            type?: "Ingress" | "LoadBalancer";
        };
        v1HostClusterEndpointConfig: {
            ingressConfig?: components["schemas"]["v1IngressConfig"];
            loadBalancerConfig?: components["schemas"]["v1LoadBalancerConfig"];
        };
        v1HybridClusterConfig: {
            clusterUid?: string;
            enable?: boolean;
            hybridMachinePoolClusterRefs?: components["schemas"]["v1HybridPoolClusterRef"][];
        };
        /**
         * @default edge-native
         * @enum {string}
         */
        v1HybridPoolClusterCloudType: "edge-native";
        v1HybridPoolClusterRef: {
            cloudType?: components["schemas"]["v1HybridPoolClusterCloudType"];
            uid?: string;
        };
        v1HyperShiftConfig: {
            clusterDeploymentType?: components["schemas"]["v1ClusterDeploymentType"];
            hostClusterUid?: string;
        };
        /** @description How much the agent may do in an imported cluster, and the proxy it uses */
        v1ImportClusterConfig: {
            /**
             * @description `read-only` to observe only; everything is allowed when absent
             * @enum {string}
             */
            importMode?: "read-only";
            proxy?: components["schemas"]["v1ClusterProxySpec"];
        };
        v1ImportEdgeHostConfig: {
            edgeHostUid?: string;
            edgeHostUids?: string[];
        };
        /** @enum {string} */
        v1IncludeClusterResourceMode: "Always" | "Auto" | "Never";
        v1IngressConfig: {
            host?: string;
            /** Format: int64 */
            port?: number;
        };
        v1InstanceConfig: {
            category?: string;
            /** Format: int64 */
            cpuSet?: number;
            /** Format: int64 */
            diskGiB?: number;
            /** Format: int64 */
            memoryMiB?: number;
            name?: string;
            /** Format: int32 */
            numCPUs?: number;
        };
        v1IpPoolEntity: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                pool?: components["schemas"]["v1Pool"];
                priavetGatewayUid?: string;
                restrictToSingleCluster?: boolean;
            };
            status?: components["schemas"]["v1IpPoolStatus"];
        };
        v1IpPoolStatus: {
            allottedIps?: string[];
            associatedClusters?: string[];
            availableIps?: string[];
            inUse?: boolean;
        };
        v1KubeBenchLog: {
            description?: string;
            expected?: string;
            remediation?: string;
            state?: string;
            testId?: string;
            value?: string;
        };
        v1KubeBenchReport: {
            /** Format: int32 */
            fail?: number;
            /** Format: int32 */
            info?: number;
            logs?: components["schemas"]["v1KubeBenchLog"][];
            name?: string;
            /** Format: int32 */
            pass?: number;
            time?: components["schemas"]["v1Time"];
            type?: string;
            /** Format: int32 */
            warn?: number;
        };
        v1KubeHunterLog: {
            description?: string;
            evidence?: string;
            reference?: string;
            severity?: string;
            testId?: string;
            vulnerability?: string;
        };
        v1KubeHunterReport: {
            logs?: components["schemas"]["v1KubeHunterLog"][];
            time?: components["schemas"]["v1Time"];
            vulnerabilites?: components["schemas"]["v1KubeHunterVulnerabilities"];
        };
        v1KubeHunterVulnerabilities: {
            /** Format: int32 */
            high?: number;
            /** Format: int32 */
            low?: number;
            /** Format: int32 */
            medium?: number;
        };
        /** @description What is known about the Kubernetes of a cluster */
        v1KubeMeta: {
            hasKubeConfig?: boolean;
            hasKubeConfigClient?: boolean;
            hasManifest?: boolean;
            kubernetesVersion?: string;
        };
        /** @description Whether the enforcement is paused */
        v1LifecycleConfig: {
            /**
             * @description Whether changes of the profiles wait
             * @default false
             */
            pause?: boolean;
        };
        v1LifecycleStatus: {
            msg?: string;
            /** @enum {string} */
            status?: "Pausing" | "Paused" | "Resuming" | "Running" | "Error";
        };
        /** @description Where this page stands in the whole list */
        v1ListMetaData: {
            /** @description What to ask the next page with; empty on the last one */
            continue?: string;
            /** @description Items in the whole list */
            count?: number;
            /** @description Items on a page */
            limit?: number;
            /** @description Where the next page starts */
            offset?: number;
        };
        v1LoadBalancerConfig: {
            externalIPs?: string[];
            externalTrafficPolicy?: string;
            loadBalancerSourceRanges?: string[];
        };
        v1LoadBalancerService: {
            host?: string;
            name?: string;
            ports?: components["schemas"]["v1ServicePort"][];
        };
        /**
         * @description Kind of storage
         * @default s3
         * @enum {string}
         */
        v1LocationType: "s3" | "gcp" | "minio" | "azure" | "custom";
        v1MaasAccount: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1MaasCloudAccount"];
            status?: components["schemas"]["v1CloudAccountStatus"];
        };
        v1MaasAccounts: {
            items: components["schemas"]["v1MaasAccount"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1MaasCloudAccount: {
            apiEndpoint: string;
            apiKey: string;
            preferredSubnets?: string[];
        };
        v1MachineAddress: {
            address?: string;
            type?: string;
        };
        v1MachineCertificate: {
            certificateAuthorities?: components["schemas"]["v1CertificateAuthority"][];
            name?: string;
        };
        /** @description When certificates of the control plane expire, by machine */
        v1MachineCertificates: {
            machineCertificates?: components["schemas"]["v1MachineCertificate"][];
        };
        v1MachineHealth: {
            conditions?: components["schemas"]["v1MachineHealthCondition"][];
            lastHeartBeatTimestamp?: components["schemas"]["v1Time"];
            state?: string;
        };
        v1MachineHealthCheckConfig: {
            healthCheckMaxUnhealthy?: string;
            networkReadyHealthCheckDuration?: string;
            nodeReadyHealthCheckDuration?: string;
        };
        v1MachineHealthCondition: {
            message?: string;
            reason?: string;
            status?: string;
            type?: string;
        };
        /** @description Into maintenance (`cordon`) or out of it (`uncordon`) */
        v1MachineMaintenance: {
            /** @enum {string} */
            action?: "cordon" | "uncordon";
        };
        v1MachineMaintenanceStatus: {
            action?: string;
            message?: string;
            state?: string;
        };
        v1MachineManagementConfig: {
            osPatchConfig?: components["schemas"]["v1OsPatchConfig"];
        };
        v1MachineMetadata: {
            creationTimestamp?: components["schemas"]["v1Time"];
        };
        v1MachinePoolMeta: {
            cloudType?: string;
            /** Format: int32 */
            healthy?: number;
            infraProfileTemplate?: components["schemas"]["v1ClusterProfileTemplateMeta"];
            isControlPlane?: boolean;
            labels?: string[];
            /** Format: int32 */
            maintenanceMode?: number;
            /** Format: int32 */
            size?: number;
        };
        /** @description A named value that packs refer to */
        v1Macro: {
            /** @description What packs refer to it by, in `{{ .spectro.macro.NAME }}` */
            name?: string;
            value?: string;
        };
        /** @description Macros; a name occurs once */
        v1Macros: {
            macros?: components["schemas"]["v1Macro"][];
        };
        v1ManagedDisk: {
            storageAccountType?: string;
        };
        v1Manifest: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ManifestPublishedSpec"];
        };
        /** @description YAML of a manifest and its digest */
        v1ManifestData: {
            /** @description YAML, several documents allowed */
            content?: string;
            digest?: string;
        };
        /** @description Manifests with their contents */
        v1ManifestEntities: {
            items: components["schemas"]["v1ManifestEntity"][];
        };
        /** @description A manifest attached to a pack of a profile */
        v1ManifestEntity: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ManifestSpec"];
        };
        /** @description A manifest to be attached */
        v1ManifestInputEntity: {
            /** @description YAML, several documents allowed */
            content?: string;
            name?: string;
        };
        v1ManifestPublishedSpec: {
            published?: components["schemas"]["v1ManifestData"];
        };
        /** @description A manifest to be attached or, with a `uid`, to be replaced */
        v1ManifestRefUpdateEntity: {
            /** @description YAML, several documents allowed */
            content?: string;
            name: string;
            uid?: string;
        };
        /** @description A manifest as it is in the draft and in the published form */
        v1ManifestSpec: {
            draft?: components["schemas"]["v1ManifestData"];
            published?: components["schemas"]["v1ManifestData"];
        };
        v1Nameserver: {
            addresses?: string[];
            search?: string[];
        };
        v1Notification: {
            action?: components["schemas"]["v1NotificationAction"];
            metadata?: components["schemas"]["v1ObjectMeta"];
            relatedObject?: {
                /** @enum {string} */
                kind?: "spectrocluster" | "machine" | "cloudconfig" | "clusterprofile" | "pack" | "appprofile" | "appdeployment" | "edgehost";
                name?: string;
                uid?: string;
            };
            source?: {
                component?: string;
            };
            /** @enum {string} */
            type?: "NotificationPackUpdate" | "NotificationPackRegistryUpdate" | "NotificationNone";
        };
        v1NotificationAction: {
            /** @description Somebody has seen it */
            ack?: boolean;
            actionMessage?: string;
            /** @enum {string} */
            actionType?: "NotifyActionPacksUpdate" | "NotifyActionClusterProfileUpdate" | "NotifyActionPackRegistryUpdate" | "NotifyActionClusterUpdate" | "NotifyActionNone";
            /** @description What it is about by name, with details: of a pack `version`, `newVersion` and `registryUid` */
            events?: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            isDone?: boolean;
            isInfo?: boolean;
            link?: string;
        };
        v1Notifications: {
            items: components["schemas"]["v1Notification"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1ObjectEntity: {
            name?: string;
            uid?: string;
        };
        /** @description Metadata of a stored object */
        v1ObjectMeta: {
            /** @description Notes for programs; the description of an object is one of them */
            annotations?: {
                [key: string]: string;
            };
            /** @description When the object was made */
            creationTimestamp?: components["schemas"]["v1Time"];
            /** @description When its deletion began */
            deletionTimestamp?: components["schemas"]["v1Time"];
            /** @description Tags; a tag without a value has the value `spectro__tag` */
            labels?: {
                [key: string]: string;
            };
            /** @description When the object was changed last */
            lastModifiedTimestamp?: components["schemas"]["v1Time"];
            name?: string;
            /** @description 24 hexadecimal digits, given by the plane */
            uid?: string;
        };
        /** @description Metadata of an object that is sent */
        v1ObjectMetaInputEntity: {
            annotations?: {
                [key: string]: string;
            };
            labels?: {
                [key: string]: string;
            };
            name?: string;
        };
        v1ObjectMetaInputEntitySchema: {
            metadata: components["schemas"]["v1ObjectMetaInputEntity"];
        };
        /** @description Metadata that replaces that of an object */
        v1ObjectMetaUpdateEntity: {
            annotations?: {
                [key: string]: string;
            };
            labels?: {
                [key: string]: string;
            };
            name?: string;
            uid?: string;
        };
        /** @description Names another object */
        v1ObjectReference: {
            kind?: string;
            name?: string;
            uid?: string;
        };
        v1ObjectResReference: {
            kind?: string;
            name?: string;
            projectUid?: string;
            tenantUid?: string;
            uid?: string;
        };
        v1ObjectScopeEntity: {
            name?: string;
            scope?: string;
            uid?: string;
        };
        v1ObjectStateEntity: {
            name?: string;
            state?: string;
            uid?: string;
        };
        v1OciRegistries: {
            items: components["schemas"]["v1OciRegistry"][];
        };
        /** @description An OCI registry */
        v1OciRegistry: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1OciRegistrySpec"];
            status?: components["schemas"]["v1OciRegistryStatusSummary"];
        };
        /** @description An OCI registry of either type */
        v1OciRegistryEntity: {
            auth?: components["schemas"]["v1RegistryAuth"];
            defaultRegion?: string;
            endpoint?: string;
            providerType?: string;
            scope?: string;
            type?: string;
        };
        v1OciRegistrySpec: {
            containsSpectroManifest?: boolean;
            defaultRegion?: string;
            endpoint?: string;
            isPrivate?: boolean;
            providerType?: string;
            registryType?: string;
            scope?: string;
        };
        v1OciRegistryStatus: {
            syncStatus?: components["schemas"]["v1RegistrySyncStatus"];
        };
        v1OciRegistryStatusSummary: {
            sync?: components["schemas"]["v1RegistrySyncStatus"];
        };
        /** @description When the nodes patch their operating system and whether they may restart for it */
        v1OsPatchConfig: {
            onDemandPatchAfter?: components["schemas"]["v1Time"];
            patchOnBoot?: boolean;
            rebootIfRequired?: boolean;
            schedule?: string;
        };
        v1OsPatchEntity: {
            osPatchConfig?: components["schemas"]["v1OsPatchConfig"];
        };
        /**
         * @default Linux
         * @enum {string}
         */
        v1OsType: "Linux" | "Windows";
        v1OverloadSpec: {
            cloudAccountUid?: string;
            ipAddress?: string;
            ipPools?: components["schemas"]["v1IpPoolEntity"][];
            isSelfHosted?: boolean;
            isSystem?: boolean;
            spectroClusterUid?: string;
            tenantUid?: string;
        };
        v1OverloadStatus: {
            health?: components["schemas"]["v1SpectroClusterHealthStatus"];
            isActive?: boolean;
            isReady?: boolean;
            kubectlCommands?: string[];
            notifications?: components["schemas"]["v1ClusterNotificationStatus"];
            state?: string;
        };
        /** @description A private cloud gateway: what makes clusters where the plane cannot reach */
        v1Overlord: {
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1OverloadSpec"];
            status?: components["schemas"]["v1OverloadStatus"];
        };
        /** @description A pack that another one needs */
        v1PackDependency: {
            layer?: string;
            name?: string;
            readOnly?: boolean;
        };
        v1PackDependencyMeta: {
            displayName?: string;
            logoUrl?: string;
            name?: string;
            registryUid?: string;
            uid?: string;
            version?: string;
        };
        /** @description Conditions on packs; each part that is present must hold */
        v1PackFilterSpec: {
            addOnSubType?: string[];
            addOnType?: string[];
            displayName?: components["schemas"]["v1FilterString"];
            environment?: string[];
            isFips?: boolean;
            layer?: components["schemas"]["v1PackLayer"][];
            name?: components["schemas"]["v1FilterString"];
            registryUid?: string[];
            source?: string[];
            state?: string[];
            type?: components["schemas"]["v1PackType"][];
        };
        v1PackImportEntity: {
            layer?: string;
            manifests?: components["schemas"]["v1PackManifestImportEntity"][];
            name?: string;
            registry?: components["schemas"]["v1PackRegistryImportEntity"];
            tag?: string;
            type?: string;
            values?: string;
            version?: string;
        };
        /**
         * @description The layer of the stack that a pack belongs to
         * @enum {string}
         */
        v1PackLayer: "kernel" | "os" | "k8s" | "cni" | "csi" | "addon";
        /** @description A layer of a new profile: a pack, or manifests alone */
        v1PackManifestEntity: {
            layer?: string;
            manifests?: components["schemas"]["v1ManifestInputEntity"][];
            name: string;
            registryUid?: string;
            tag?: string;
            type?: components["schemas"]["v1PackType"];
            /** @description Identifier of this version of the pack; or name, tag and registry instead */
            uid?: string;
            /** @description Values as YAML; the pack's own when empty */
            values?: string;
        };
        v1PackManifestImportEntity: {
            content?: string;
            name?: string;
        };
        /** @description A layer that replaces those of a profile */
        v1PackManifestUpdateEntity: {
            layer?: string;
            manifests?: components["schemas"]["v1ManifestRefUpdateEntity"][];
            name: string;
            registryUid?: string;
            tag?: string;
            type?: components["schemas"]["v1PackType"];
            /** @description Identifier of this version of the pack; or name, tag and registry instead */
            uid?: string;
            /** @description Values as YAML; the pack's own when empty */
            values?: string;
        };
        /** @description A pack in short: its name with the registries that have it */
        v1PackMetadata: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1PackMetadataSpec"];
        };
        v1PackMetadataList: {
            items: components["schemas"]["v1PackMetadata"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1PackMetadataSpec: {
            addonSubType?: string;
            addonType?: string;
            cloudTypes?: string[];
            displayName?: string;
            group?: string;
            layer?: components["schemas"]["v1PackLayer"];
            name?: string;
            registries?: components["schemas"]["v1RegistryPackMetadata"][];
            type?: components["schemas"]["v1PackType"];
        };
        /** @description Changes of values that belong together under one name */
        v1PackPreset: {
            add?: string;
            displayName?: string;
            group?: string;
            name?: string;
            remove?: string[];
        };
        v1PackReadme: {
            /** @description Markdown */
            readme?: string;
        };
        /** @description A layer of a profile: the pack, its version, values and attached manifests */
        v1PackRef: {
            annotations?: {
                [key: string]: string;
            };
            /** @description Content address of the pack */
            digest?: string;
            /** @description Why it cannot */
            inValidReason?: string;
            /** @description Whether the pack can no longer be resolved */
            isInvalid?: boolean;
            /** @enum {string} */
            layer: "kernel" | "os" | "k8s" | "cni" | "csi" | "addon";
            logo?: string;
            /** @description Attached manifests; their contents are an operation of their own */
            manifests?: components["schemas"]["v1ObjectReference"][];
            name: string;
            /** @description Identifier of this version of the pack */
            packUid?: string;
            params?: {
                [key: string]: string;
            };
            presets?: components["schemas"]["v1PackPreset"][];
            /** @description Registry that the pack comes from */
            registryUid?: string;
            schema?: components["schemas"]["v1PackSchema"][];
            server?: string;
            /** @description Tag as the profile names it, for example `1.2.x` */
            tag?: string;
            /** @enum {string} */
            type?: "spectro" | "helm" | "manifest" | "oci";
            /** @description Values as YAML; macros and variables not yet resolved */
            values?: string;
            /** @description Version that the tag stood for */
            version?: string;
        };
        v1PackRegistries: {
            items: components["schemas"]["v1PackRegistry"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1PackRegistriesSummary: {
            items: components["schemas"]["v1PackRegistrySummary"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        /** @description A pack registry */
        v1PackRegistry: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1PackRegistrySpec"];
            status?: components["schemas"]["v1PackRegistryStatus"];
        };
        v1PackRegistryImportEntity: {
            /** @description Registries that have the pack; written by the check of an import */
            matchingRegistries?: components["schemas"]["v1PackRegistryMetadata"][];
            metadata?: components["schemas"]["v1PackRegistryMetadata"];
        };
        v1PackRegistryMetadata: {
            isPrivate?: boolean;
            kind?: string;
            name?: string;
            providerType?: string;
            uid?: string;
        };
        v1PackRegistrySpec: {
            auth: components["schemas"]["v1RegistryAuth"];
            endpoint: string;
            name?: string;
            private?: boolean;
            registryUid?: string;
            scope?: string;
        };
        v1PackRegistrySpecSummary: {
            endpoint?: string;
            private?: boolean;
            scope?: string;
        };
        v1PackRegistryStatus: {
            packSyncStatus?: components["schemas"]["v1RegistrySyncStatus"];
        };
        v1PackRegistryStatusSummary: {
            sync?: components["schemas"]["v1RegistrySyncStatus"];
        };
        v1PackRegistrySummary: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1PackRegistrySpecSummary"];
            status?: components["schemas"]["v1PackRegistryStatusSummary"];
        };
        /** @description What a value of a pack may be */
        v1PackSchema: {
            format?: string;
            hints?: string[];
            listOptions?: string[];
            name?: string;
            readonly?: boolean;
            regex?: string;
            required?: boolean;
            type?: string;
        };
        /** @enum {string|null} */
        v1PackSortFields: "name" | "type" | "layer" | "addOnType" | "displayName" | null;
        v1PackSortSpec: {
            field?: components["schemas"]["v1PackSortFields"];
            order?: components["schemas"]["v1SortOrder"];
        };
        v1PackSummaries: {
            items: components["schemas"]["v1PackSummary"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        /** @description One version of a pack */
        v1PackSummary: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1PackSummarySpec"];
            status?: components["schemas"]["v1PackSummaryStatus"];
        };
        v1PackSummarySpec: {
            addonSubType?: string;
            addonType?: string;
            annotations?: {
                [key: string]: string;
            };
            cloudTypes?: string[];
            digest?: string;
            displayName?: string;
            eol?: string;
            group?: string;
            layer?: components["schemas"]["v1PackLayer"];
            logoUrl?: string;
            manifests?: components["schemas"]["v1ObjectReference"][];
            name?: string;
            presets?: components["schemas"]["v1PackPreset"][];
            registryUid?: string;
            schema?: components["schemas"]["v1PackSchema"][];
            template?: components["schemas"]["v1PackTemplate"];
            type?: components["schemas"]["v1PackType"];
            values?: string;
            version?: string;
        };
        v1PackSummaryStatus: Record<string, unknown>;
        /** @description A pack in one registry, with the tags that exist there */
        v1PackTagEntity: {
            addonSubType?: string;
            addonType?: string;
            cloudTypes?: string[];
            displayName?: string;
            layer?: components["schemas"]["v1PackLayer"];
            logoUrl?: string;
            name?: string;
            /** @description Values by version */
            packValues?: components["schemas"]["v1PackUidValues"][];
            registryUid?: string;
            /** @description Tags in this registry */
            tags?: components["schemas"]["v1PackTags"][];
        };
        /** @description One tag of a pack and the version that it stands for */
        v1PackTags: {
            group?: string;
            packUid?: string;
            parentTags?: string[];
            tag?: string;
            version?: string;
        };
        v1PackTemplate: {
            manifest?: string;
            parameters?: components["schemas"]["v1PackTemplateParameters"];
            values?: string;
        };
        v1PackTemplateParameter: {
            description?: string;
            displayName?: string;
            format?: string;
            hidden?: boolean;
            listOptions?: string[];
            name?: string;
            optional?: boolean;
            options?: {
                [key: string]: components["schemas"]["v1PackTemplateParameterOption"];
            };
            readOnly?: boolean;
            regex?: string;
            targetKey?: string;
            type?: string;
            value?: string;
        };
        v1PackTemplateParameterOption: {
            dependencies?: components["schemas"]["v1PackDependency"][];
            description?: string;
            label?: string;
        };
        v1PackTemplateParameters: {
            inputParameters?: components["schemas"]["v1PackTemplateParameter"][];
            outputParameters?: components["schemas"]["v1PackTemplateParameter"][];
        };
        /**
         * @description Where a layer comes from: a pack, a Helm chart, an OCI artifact, or manifests alone
         * @default spectro
         * @enum {string}
         */
        v1PackType: "spectro" | "helm" | "manifest" | "oci";
        /** @description Values of one version of a pack, with schema, presets and readme */
        v1PackUidValues: {
            annotations?: {
                [key: string]: string;
            };
            dependencies?: components["schemas"]["v1PackDependencyMeta"][];
            packUid?: string;
            presets?: components["schemas"]["v1PackPreset"][];
            /** @description What the pack says about itself, as Markdown */
            readme?: string;
            schema?: components["schemas"]["v1PackSchema"][];
            template?: components["schemas"]["v1PackTemplate"];
            /** @description Values as YAML */
            values?: string;
        };
        /** @description Values of a pack for one cluster, in place of the profile's */
        v1PackValuesEntity: {
            manifests?: components["schemas"]["v1ManifestRefUpdateEntity"][];
            name: string;
            tag?: string;
            type?: components["schemas"]["v1PackType"];
            values?: string;
        };
        /** @description Which packs to find and in which order */
        v1PacksFilterSpec: {
            filter?: components["schemas"]["v1PackFilterSpec"];
            sort?: components["schemas"]["v1PackSortSpec"][];
        };
        v1PolicyRef: {
            kind?: string;
            uid?: string;
        };
        v1Pool: {
            end?: string;
            gateway?: string;
            nameserver?: components["schemas"]["v1Nameserver"];
            /** Format: int32 */
            prefix?: number;
            start?: string;
            subnet?: string;
        };
        v1ProfileMetaEntity: {
            metadata: components["schemas"]["v1ObjectMetaInputEntity"];
            spec?: components["schemas"]["v1ClusterProfileSpecEntity"];
        };
        v1ProfileStatus: {
            hasUserMacros?: boolean;
        };
        /**
         * @description What a profile brings: the infrastructure (`infra`), add-ons, or both (`cluster`)
         * @default cluster
         * @enum {string}
         */
        v1ProfileType: "cluster" | "infra" | "add-on" | "system";
        /** @description A project */
        v1Project: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ProjectSpec"];
            status?: components["schemas"]["v1ProjectStatus"];
        };
        v1ProjectAlertComponent: {
            description?: string;
            name?: string;
            supportedChannels?: string[];
        };
        v1ProjectAlertComponents: {
            components?: components["schemas"]["v1ProjectAlertComponent"][];
        };
        v1ProjectCleanUpStatus: {
            cleanedResources?: string[];
            msg?: string;
            state?: string;
        };
        /** @description How long clusters may take before the deletion of their project goes on without them, in minutes */
        v1ProjectCleanup: {
            /** Format: int32 */
            deletingClusterDurationThresholdInMin?: number;
            /** Format: int32 */
            provisioningClusterDurationThresholdInMin?: number;
        };
        /** @description A project that is sent: metadata, and who may work in it */
        v1ProjectEntity: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1ProjectEntitySpec"];
        };
        v1ProjectEntitySpec: {
            logoUid?: string;
            teams?: components["schemas"]["v1TeamRoleMap"][];
            users?: components["schemas"]["v1UserRoleMap"][];
        };
        v1ProjectMeta: {
            name?: string;
            uid?: string;
        };
        /** @description Name and identifier of a project */
        v1ProjectMetadata: {
            metadata?: components["schemas"]["v1ObjectEntity"];
        };
        v1ProjectResourceReference: {
            kind?: string;
            name?: string;
            projectUid?: string;
            uid?: string;
        };
        v1ProjectSpec: {
            alerts?: components["schemas"]["v1Alert"][];
            logoUrl?: string;
            teams?: components["schemas"]["v1TeamRoleMap"][];
            users?: components["schemas"]["v1UserRoleMap"][];
        };
        /** @description Whether the project can be used, and how far its deletion is */
        v1ProjectStatus: {
            cleanUpStatus?: components["schemas"]["v1ProjectCleanUpStatus"];
            isDisabled?: boolean;
        };
        /** @description Projects in short */
        v1ProjectsMetadata: {
            items: components["schemas"]["v1ProjectMetadata"][];
        };
        /** @description Registries in short */
        v1RegistriesMetadata: {
            items: components["schemas"]["v1RegistryMetadata"][];
        };
        /** @description Credentials of a registry */
        v1RegistryAuth: {
            /** Format: password */
            password?: string;
            tls?: components["schemas"]["v1TlsConfiguration"];
            /** Format: password */
            token?: string;
            /** @enum {string} */
            type?: "noAuth" | "basic" | "token";
            username?: string;
        };
        v1RegistryConfigEntity: {
            config?: components["schemas"]["v1RegistryConfiguration"];
        };
        v1RegistryConfiguration: {
            auth?: components["schemas"]["v1RegistryAuth"];
            endpoint?: string;
            name?: string;
        };
        /** @description A registry in short */
        v1RegistryMetadata: {
            isDefault?: boolean;
            isPrivate?: boolean;
            /** @description `pack`, `helm` or `oci` */
            kind?: string;
            name?: string;
            scope?: string;
            uid?: string;
        };
        v1RegistryPackMetadata: {
            annotations?: {
                [key: string]: string;
            };
            latestPackUid?: string;
            latestVersion?: string;
            logoUrl?: string;
            name?: string;
            scope?: string;
            uid?: string;
        };
        /** @description How the last synchronisation of a registry went */
        v1RegistrySyncStatus: {
            /** @description Whether the plane synchronises this registry at all; without it there is nothing to wait for */
            isSyncSupported?: boolean;
            lastRunTime?: components["schemas"]["v1Time"];
            lastSyncedTime?: components["schemas"]["v1Time"];
            message?: string;
            /** @description For example `Success` */
            status?: string;
        };
        v1RelatedObject: {
            /** @enum {string} */
            kind?: "spectrocluster" | "machine" | "cloudconfig" | "clusterprofile" | "pack" | "appprofile" | "appdeployment" | "edgehost";
            name?: string;
            uid?: string;
        };
        v1ResourceCost: {
            cloud?: components["schemas"]["v1CloudCost"];
            /** Format: double */
            total?: number;
        };
        v1ResourceReference: {
            kind?: string;
            name?: string;
            uid: string;
        };
        v1S3StorageConfig: {
            bucketName: string;
            /** @description Certificates (PEM) to trust */
            caCert?: string;
            credentials: components["schemas"]["v1AwsCloudAccount"];
            region: string;
            /**
             * @description Whether the bucket is in the path and not in the host
             * @default true
             */
            s3ForcePathStyle?: boolean;
            /** @description Where the server is; that of AWS when empty */
            s3Url?: string;
            /**
             * @description Whether volumes are copied file by file
             * @default true
             */
            useRestic?: boolean;
        };
        /** @description A maintenance window that comes again and again */
        v1Schedule: {
            /** @description Hours that the window stays open */
            durationHrs: number;
            name: string;
            /** @description When a window opens, in five fields as cron has them, in the time zone of the cluster concerned */
            startCron: string;
        };
        /**
         * @description The level that an object belongs to
         * @enum {string}
         */
        v1Scope: "system" | "tenant" | "project" | "resource";
        v1SearchFilterBoolCondition: {
            value?: boolean;
        };
        v1SearchFilterCondition: {
            bool?: components["schemas"]["v1SearchFilterBoolCondition"];
            date?: components["schemas"]["v1SearchFilterDateCondition"];
            float?: components["schemas"]["v1SearchFilterFloatCondition"];
            int?: components["schemas"]["v1SearchFilterIntegerCondition"];
            keyValue?: components["schemas"]["v1SearchFilterKeyValueCondition"];
            string?: components["schemas"]["v1SearchFilterStringCondition"];
        };
        /** @enum {string|null} */
        v1SearchFilterConjunctionOperator: "and" | "or" | null;
        v1SearchFilterDateCondition: {
            match?: components["schemas"]["v1SearchFilterDateConditionMatch"];
            negation?: boolean;
            operator?: components["schemas"]["v1SearchFilterDateOperator"];
        };
        v1SearchFilterDateConditionMatch: {
            conjunction?: components["schemas"]["v1SearchFilterConjunctionOperator"];
            values?: components["schemas"]["v1Time"][];
        };
        /** @enum {string} */
        v1SearchFilterDateOperator: "eq" | "gt" | "gte" | "lt" | "lte" | "range";
        v1SearchFilterFloatCondition: {
            match?: components["schemas"]["v1SearchFilterFloatConditionMatch"];
            negation?: boolean;
            operator?: components["schemas"]["v1SearchFilterIntegerOperator"];
        };
        v1SearchFilterFloatConditionMatch: {
            conjunction?: components["schemas"]["v1SearchFilterConjunctionOperator"];
            values?: number[];
        };
        /** @description Conditions joined by one operator */
        v1SearchFilterGroup: {
            conjunction?: components["schemas"]["v1SearchFilterConjunctionOperator"];
            filters?: components["schemas"]["v1SearchFilterItem"][];
        };
        v1SearchFilterIntegerCondition: {
            match?: components["schemas"]["v1SearchFilterIntegerConditionMatch"];
            negation?: boolean;
            operator?: components["schemas"]["v1SearchFilterIntegerOperator"];
        };
        v1SearchFilterIntegerConditionMatch: {
            conjunction?: components["schemas"]["v1SearchFilterConjunctionOperator"];
            values?: number[];
        };
        /** @enum {string} */
        v1SearchFilterIntegerOperator: "eq" | "gt" | "gte" | "lt" | "lte";
        /** @description A condition on one property */
        v1SearchFilterItem: {
            condition?: components["schemas"]["v1SearchFilterCondition"];
            property?: string;
            type?: components["schemas"]["v1SearchFilterPropertyType"];
        };
        v1SearchFilterKeyValueCondition: {
            ignoreCase?: boolean;
            key?: string;
            match?: components["schemas"]["v1SearchFilterKeyValueConditionMatch"];
            negation?: boolean;
            operator?: components["schemas"]["v1SearchFilterStringOperator"];
        };
        v1SearchFilterKeyValueConditionMatch: {
            conjunction?: components["schemas"]["v1SearchFilterConjunctionOperator"];
            values?: string[];
        };
        /** @enum {string} */
        v1SearchFilterPropertyType: "string" | "int" | "float" | "bool" | "date" | "keyValue";
        v1SearchFilterSortSpec: {
            field?: components["schemas"]["v1SearchSortFields"];
            order?: components["schemas"]["v1SortOrder"];
        };
        /** @description Groups of conditions joined by one operator */
        v1SearchFilterSpec: {
            conjunction?: components["schemas"]["v1SearchFilterConjunctionOperator"];
            filterGroups?: components["schemas"]["v1SearchFilterGroup"][];
        };
        v1SearchFilterStringCondition: {
            ignoreCase?: boolean;
            match?: components["schemas"]["v1SearchFilterStringConditionMatch"];
            negation?: boolean;
            operator?: components["schemas"]["v1SearchFilterStringOperator"];
        };
        v1SearchFilterStringConditionMatch: {
            conjunction?: components["schemas"]["v1SearchFilterConjunctionOperator"];
            values?: string[];
        };
        /** @enum {string} */
        v1SearchFilterStringOperator: "eq" | "contains" | "beginsWith";
        /** @description Which clusters to find and in which order */
        v1SearchFilterSummarySpec: {
            filter?: components["schemas"]["v1SearchFilterSpec"];
            sort?: components["schemas"]["v1SearchFilterSortSpec"][];
        };
        /** @enum {string|null} */
        v1SearchSortFields: "environment" | "clusterName" | "clusterState" | "healthState" | "creationTimestamp" | "lastModifiedTimestamp" | null;
        v1ServicePort: {
            /** Format: int32 */
            port: number;
            protocol?: string;
        };
        v1SonobuoyLog: {
            description?: string;
            msg?: string;
            output?: string;
            path?: string;
            state?: string;
        };
        v1SonobuoyReport: {
            /** Format: int32 */
            fail?: number;
            logs?: components["schemas"]["v1SonobuoyLog"][];
            node?: string;
            /** Format: int32 */
            pass?: number;
            plugin?: string;
            status?: string;
            /** Format: int32 */
            total?: number;
        };
        /**
         * @default asc
         * @enum {string}
         */
        v1SortOrder: "asc" | "desc";
        /** @description Whether a change of the profiles waits to be applied */
        v1SpcApply: {
            /** @enum {string} */
            actionType?: "DownloadAndInstall" | "DownloadAndInstallLater";
            canBeApplied?: boolean;
            crdDigest?: string;
            lastModifiedTime?: components["schemas"]["v1Time"];
            patchAppliedTime?: components["schemas"]["v1Time"];
            spcHash?: string;
            spcInfraHash?: string;
        };
        /** @description When a change of the profiles is applied: at once or on demand */
        v1SpcApplySettings: {
            /** @enum {string} */
            actionType?: "DownloadAndInstall" | "DownloadAndInstallLater";
        };
        v1SpcPoliciesFilterSpec: {
            filter?: components["schemas"]["v1SpcPolicyFilterSpec"];
            sort?: components["schemas"]["v1SpcPolicySortSpec"][];
        };
        v1SpcPoliciesMetadata: {
            items: components["schemas"]["v1SpcPolicyMetadata"][];
        };
        v1SpcPoliciesSummary: {
            items: components["schemas"]["v1SpcPolicySummary"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        /** @description A maintenance policy */
        v1SpcPolicyEntity: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1SpcPolicySpec"];
        };
        v1SpcPolicyFilterSpec: {
            policyName?: components["schemas"]["v1FilterString"];
            policyType?: components["schemas"]["v1SpcPolicyType"][];
            tags?: components["schemas"]["v1FilterArray"];
        };
        v1SpcPolicyMetadata: {
            kind?: string;
            name?: string;
            projectUid?: string;
            uid?: string;
        };
        /** @enum {string|null} */
        v1SpcPolicySortFields: "policyName" | "policyType" | "creationTimestamp" | "lastModifiedTimestamp" | null;
        v1SpcPolicySortSpec: {
            field?: components["schemas"]["v1SpcPolicySortFields"];
            order?: components["schemas"]["v1SortOrder"];
        };
        v1SpcPolicySpec: {
            schedules?: components["schemas"]["v1Schedule"][] | null;
        };
        v1SpcPolicyStatusSummary: {
            inUseClusterTemplates?: components["schemas"]["v1ObjectStateEntity"][];
        };
        v1SpcPolicySummary: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                kind?: string;
            };
            status?: components["schemas"]["v1SpcPolicyStatusSummary"];
        };
        /**
         * @default maintenance
         * @enum {string}
         */
        v1SpcPolicyType: "maintenance";
        v1SpectroAwsClusterImportEntity: {
            metadata?: components["schemas"]["v1ObjectMetaInputEntity"];
            spec?: {
                clusterConfig?: components["schemas"]["v1ImportClusterConfig"];
                clusterTemplate?: components["schemas"]["v1SpectroClusterTemplateRef"];
            };
        };
        v1SpectroAzureClusterImportEntity: {
            metadata?: components["schemas"]["v1ObjectMetaInputEntity"];
            spec?: {
                clusterConfig?: components["schemas"]["v1ImportClusterConfig"];
                clusterTemplate?: components["schemas"]["v1SpectroClusterTemplateRef"];
            };
        };
        v1SpectroCloudStackClusterImportEntity: {
            metadata?: components["schemas"]["v1ObjectMetaInputEntity"];
            spec?: {
                clusterConfig?: components["schemas"]["v1ImportClusterConfig"];
                clusterTemplate?: components["schemas"]["v1SpectroClusterTemplateRef"];
            };
        };
        /** @description A cluster */
        v1SpectroCluster: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1SpectroClusterSpec"];
            status?: components["schemas"]["v1SpectroClusterStatus"];
        };
        v1SpectroClusterAddOnService: {
            endpoint?: string;
            name?: string;
        };
        v1SpectroClusterAddOnServiceSummary: {
            endpoint?: string;
            name?: string;
        };
        v1SpectroClusterHealthCondition: {
            message?: string;
            relatedObject?: components["schemas"]["v1RelatedObject"];
            type?: string;
        };
        /** @description Health of a cluster as its agent reports it; without a sign of life for 60 seconds it is unhealthy */
        v1SpectroClusterHealthStatus: {
            /** @description Version of the agent */
            agentVersion?: string;
            conditions?: components["schemas"]["v1SpectroClusterHealthCondition"][];
            /** @description Last sign of life of the agent */
            lastHeartBeatTimestamp?: components["schemas"]["v1Time"];
            /** @description `Healthy` or `UnHealthy` */
            state?: string;
        };
        v1SpectroClusterLocationInputEntity: {
            location?: components["schemas"]["v1ClusterLocation"];
        };
        v1SpectroClusterMetrics: {
            cpu?: components["schemas"]["v1ComputeMetrics"];
            memory?: components["schemas"]["v1ComputeMetrics"];
        };
        v1SpectroClusterPackDiff: {
            current?: components["schemas"]["v1PackRef"];
            diffConfigKeys?: string[];
            target?: components["schemas"]["v1PackRef"];
        };
        /** @description A profile to be attached, with values for this cluster */
        v1SpectroClusterProfileEntity: {
            /** @description Values for this cluster, by pack */
            packValues?: components["schemas"]["v1PackValuesEntity"][];
            /** @description Identifier of the attached profile that this one takes the place of */
            replaceWithProfile?: string;
            /** @description Identifier of the profile */
            uid?: string;
            variables?: components["schemas"]["v1SpectroClusterVariable"][];
        };
        /** @description Profiles to be attached to a cluster */
        v1SpectroClusterProfiles: {
            profiles: components["schemas"]["v1SpectroClusterProfileEntity"][] | null;
            spcApplySettings?: components["schemas"]["v1SpcApplySettings"];
        };
        /** @description Profiles to be detached from a cluster */
        v1SpectroClusterProfilesDeleteEntity: {
            profileUids?: string[];
        };
        /** @description A repave of a cluster: nodes that must be made anew, and why */
        v1SpectroClusterRepave: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1SpectroClusterRepaveSpec"];
            status?: components["schemas"]["v1SpectroClusterRepaveStatus"];
        };
        v1SpectroClusterRepaveReason: {
            code?: string;
            message?: string;
            pack?: components["schemas"]["v1SpectroClusterPackDiff"];
        };
        v1SpectroClusterRepaveSpec: {
            reasons?: components["schemas"]["v1SpectroClusterRepaveReason"][];
            source?: components["schemas"]["v1ClusterRepaveSource"];
            spectroClusterUid?: string;
        };
        v1SpectroClusterRepaveStatus: {
            message?: string;
            repaveTransitionTime?: components["schemas"]["v1Time"];
            state?: components["schemas"]["v1ClusterRepaveState"];
        };
        /** @description What a cluster shall be: cloud, settings, and the attached profiles as they are in force */
        v1SpectroClusterSpec: {
            cloudConfigRef?: components["schemas"]["v1ObjectReference"];
            cloudType?: string;
            clusterConfig?: components["schemas"]["v1ClusterConfig"];
            /** @description Attached profiles, as they are in force in this cluster */
            clusterProfileTemplates?: components["schemas"]["v1ClusterProfileTemplate"][];
            clusterTemplate?: components["schemas"]["v1SpectroClusterTemplateRef"];
            /** @enum {string} */
            clusterType?: "PureManage" | "AlloyMonitor" | "AlloyAssist" | "AlloyExtend";
        };
        /** @description What a cluster is */
        v1SpectroClusterStatus: {
            abortTimestamp?: components["schemas"]["v1Time"];
            addOnServices?: components["schemas"]["v1SpectroClusterAddOnService"][];
            apiEndpoints?: components["schemas"]["v1APIEndpoint"][];
            clusterImport?: components["schemas"]["v1ClusterImport"];
            /** @description What is in order and what is not */
            conditions?: components["schemas"]["v1ClusterCondition"][];
            fips?: components["schemas"]["v1ClusterFips"];
            location?: components["schemas"]["v1ClusterLocation"];
            /** @description State of each layer */
            packs?: components["schemas"]["v1ClusterPackStatus"][];
            profileStatus?: components["schemas"]["v1ProfileStatus"];
            repave?: components["schemas"]["v1ClusterRepaveStatus"];
            services?: components["schemas"]["v1LoadBalancerService"][];
            spcApply?: components["schemas"]["v1SpcApply"];
            /** @description Lifecycle state: for example `Pending`, `Importing`, `Running`, `Deleting`, `Deleted`, `Error` */
            state?: string;
            upgrades?: components["schemas"]["v1Upgrades"][];
            virtual?: components["schemas"]["v1Virtual"];
        };
        /** @description A cluster in short */
        v1SpectroClusterSummary: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            specSummary?: {
                archTypes?: components["schemas"]["v1ArchType"][];
                cloudAccountMeta?: components["schemas"]["v1CloudAccountMeta"];
                cloudConfig?: components["schemas"]["v1CloudConfigMeta"];
                clusterConfig?: components["schemas"]["v1ClusterConfigResponse"];
                clusterProfileTemplate?: components["schemas"]["v1ClusterProfileTemplateMeta"];
                clusterProfileTemplates?: components["schemas"]["v1ClusterProfileTemplateMeta"][];
                projectMeta?: components["schemas"]["v1ProjectMeta"];
            };
            status?: {
                clusterImport?: components["schemas"]["v1ClusterImport"];
                cost?: components["schemas"]["v1ResourceCost"];
                fips?: components["schemas"]["v1ClusterFips"];
                health?: components["schemas"]["v1SpectroClusterHealthStatus"];
                hourlyRate?: components["schemas"]["v1ResourceCost"];
                location?: components["schemas"]["v1ClusterMetaSpecLocation"];
                metrics?: components["schemas"]["v1SpectroClusterMetrics"];
                notifications?: components["schemas"]["v1ClusterNotificationStatus"];
                repave?: components["schemas"]["v1ClusterRepaveStatus"];
                state?: string;
                virtual?: components["schemas"]["v1Virtual"];
            };
        };
        /** @description The cluster template that a cluster follows */
        v1SpectroClusterTemplateRef: {
            projectUid?: string;
            uid?: string;
        };
        v1SpectroClusterUidStatusSummary: {
            abortTimestamp?: components["schemas"]["v1Time"];
            addOnServices?: components["schemas"]["v1SpectroClusterAddOnServiceSummary"][];
            apiEndpoints?: components["schemas"]["v1APIEndpoint"][];
            clusterImport?: components["schemas"]["v1ClusterImport"];
            conditions?: components["schemas"]["v1ClusterCondition"][];
            cost?: components["schemas"]["v1ResourceCost"];
            fips?: components["schemas"]["v1ClusterFips"];
            health?: components["schemas"]["v1SpectroClusterHealthStatus"];
            hourlyRate?: components["schemas"]["v1ResourceCost"];
            kubeMeta?: components["schemas"]["v1KubeMeta"];
            location?: components["schemas"]["v1ClusterMetaSpecLocation"];
            metrics?: components["schemas"]["v1SpectroClusterMetrics"];
            notifications?: components["schemas"]["v1ClusterNotificationStatus"];
            packs?: components["schemas"]["v1ClusterPackStatus"][];
            services?: components["schemas"]["v1LoadBalancerService"][];
            spcApply?: components["schemas"]["v1SpcApply"];
            state?: string;
            upgrades?: components["schemas"]["v1Upgrades"][];
            virtual?: components["schemas"]["v1Virtual"];
            workspaces?: components["schemas"]["v1ResourceReference"][];
        };
        /** @description A cluster in short, with costs and metrics */
        v1SpectroClusterUidSummary: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                archTypes?: components["schemas"]["v1ArchType"][];
                cloudConfig?: components["schemas"]["v1CloudConfigMeta"];
                cloudaccount?: components["schemas"]["v1CloudAccountMeta"];
                clusterProfileTemplate?: components["schemas"]["v1ClusterProfileTemplateMeta"];
                clusterProfileTemplates?: components["schemas"]["v1ClusterProfileTemplateMeta"][];
            };
            status?: components["schemas"]["v1SpectroClusterUidStatusSummary"];
        };
        /** @description The value of a profile variable for one cluster */
        v1SpectroClusterVariable: {
            name: string;
            value?: string;
        };
        v1SpectroClusterVariableResponse: {
            defaultValue?: string;
            description?: string;
            displayName?: string;
            format?: components["schemas"]["v1VariableFormat"];
            hidden?: boolean;
            immutable?: boolean;
            inputType?: components["schemas"]["v1VariableInputType"];
            isSensitive?: boolean;
            name: string;
            options?: components["schemas"]["v1VariableOption"][];
            regex?: string;
            required?: boolean;
            value?: string;
        };
        /** @description Values of the variables of one attached profile */
        v1SpectroClusterVariableUpdateEntity: {
            profileUid: string;
            variables?: components["schemas"]["v1SpectroClusterVariable"][];
        };
        /** @description Variables of one attached profile, with their values in this cluster */
        v1SpectroClusterVariables: {
            profileUid: string;
            variables?: components["schemas"]["v1SpectroClusterVariableResponse"][];
        };
        /** @description Clusters in short */
        v1SpectroClustersSummary: {
            items: components["schemas"]["v1SpectroClusterSummary"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1SpectroGcpClusterImportEntity: {
            metadata?: components["schemas"]["v1ObjectMetaInputEntity"];
            spec?: {
                clusterConfig?: components["schemas"]["v1ImportClusterConfig"];
                clusterTemplate?: components["schemas"]["v1SpectroClusterTemplateRef"];
            };
        };
        /** @description An existing cluster to be registered */
        v1SpectroGenericClusterImportEntity: {
            metadata?: components["schemas"]["v1ObjectMetaInputEntity"];
            spec?: {
                clusterConfig?: components["schemas"]["v1ImportClusterConfig"];
                clusterTemplate?: components["schemas"]["v1SpectroClusterTemplateRef"];
                edgeConfig?: components["schemas"]["v1ImportEdgeHostConfig"];
            };
        };
        v1SyftDependency: {
            name?: string;
            type?: string;
            version?: string;
        };
        v1SyftImageContext: {
            containerName?: string;
            namespace?: string;
            podName?: string;
        };
        /** @description What one image is made of */
        v1SyftReport: {
            dependencies?: components["schemas"]["v1SyftDependency"][];
            image?: string;
            imageContexts?: components["schemas"]["v1SyftImageContext"][];
            /** @description Whether the bill of materials can be downloaded */
            isSBOMExist?: boolean;
            state?: string;
            time?: components["schemas"]["v1Time"];
            vulnerabilities?: components["schemas"]["v1SyftVulnerability"][];
            vulnerabilitySummary?: components["schemas"]["v1SyftVulnerabilitySummary"];
        };
        v1SyftScanContext: {
            format?: string;
            labelSelector?: string;
            namespace?: string;
            podName?: string;
            scope?: string;
        };
        v1SyftVulnerability: {
            fixedIn?: string;
            installed?: string;
            name?: string;
            severity?: string;
            type?: string;
            vulnerability?: string;
        };
        v1SyftVulnerabilitySummary: {
            /** Format: int32 */
            critical?: number;
            /** Format: int32 */
            high?: number;
            /** Format: int32 */
            low?: number;
            /** Format: int32 */
            medium?: number;
            /** Format: int32 */
            negligible?: number;
            /** Format: int32 */
            unknown?: number;
        };
        /** @description Roles of a team in a project */
        v1TeamRoleMap: {
            roles?: string[];
            teamId?: string;
        };
        /**
         * Format: date-time
         * @description A point in time (RFC 3339)
         */
        v1Time: string;
        v1TimezoneUpdateEntity: {
            timezone: string;
        };
        /** @description How certificates are checked */
        v1TlsConfiguration: {
            ca?: string;
            certificate?: string;
            enabled?: boolean;
            insecureSkipVerify?: boolean;
            key?: string;
        };
        /** @description Identifier of what was made */
        v1Uid: {
            uid: string;
        };
        v1Upgrades: {
            reason?: string[];
            timestamp?: components["schemas"]["v1Time"];
        };
        v1UserAssetsLocation: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                isDefault?: boolean;
                storage?: components["schemas"]["v1LocationType"];
                type?: string;
            };
        };
        /** @description A container of Azure Blob Storage */
        v1UserAssetsLocationAzure: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                config: components["schemas"]["v1AzureStorageConfig"];
                isDefault?: boolean;
                type?: string;
            };
        };
        /** @description A bucket of Google Cloud Storage */
        v1UserAssetsLocationGcp: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                config: components["schemas"]["v1GcpStorageConfig"];
                isDefault?: boolean;
                type?: string;
            };
        };
        /** @description A bucket of S3, or of a server that speaks its protocol */
        v1UserAssetsLocationS3: {
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: {
                config: components["schemas"]["v1S3StorageConfig"];
                isDefault?: boolean;
                type?: string;
            };
        };
        v1UserAssetsLocations: {
            items: components["schemas"]["v1UserAssetsLocation"][];
        };
        /** @description The caller */
        v1UserInfo: {
            orgName?: string;
            tenantUid?: string;
            userUid?: string;
        };
        /** @description Roles of a user in a project */
        v1UserRoleMap: {
            roles?: string[];
            userId?: string;
        };
        /** @description A session */
        v1UserToken: {
            /** @description Value for the header `Authorization` */
            Authorization?: string;
            isMfa?: boolean;
        };
        /** @description A variable of a profile: clusters give it values */
        v1Variable: {
            /** @description Value for clusters that give none */
            defaultValue?: string;
            description?: string;
            displayName?: string;
            format?: components["schemas"]["v1VariableFormat"];
            /** @description Whether forms leave it out */
            hidden?: boolean;
            /** @description Whether a cluster that has a value keeps it */
            immutable?: boolean;
            inputType?: components["schemas"]["v1VariableInputType"];
            /** @description Whether the value is a secret: masked when read */
            isSensitive?: boolean;
            /** @description What layers refer to it by, in `{{ .spectro.var.NAME }}` */
            name: string;
            /** @description Values to choose from, for the input type `dropdown` */
            options?: components["schemas"]["v1VariableOption"][];
            /** @description What a value must match; for the format `string` alone */
            regex?: string;
            /** @description Whether a cluster must have a value */
            required?: boolean;
        };
        /**
         * @description What form a value must have
         * @default string
         * @enum {string}
         */
        v1VariableFormat: "string" | "number" | "boolean" | "ipv4" | "ipv4cidr" | "ipv6" | "version" | "base64";
        /**
         * @description How a form asks for the value
         * @default text
         * @enum {string}
         */
        v1VariableInputType: "text" | "dropdown" | "multiline";
        /** @description A value to choose from */
        v1VariableOption: {
            default?: boolean;
            description?: string;
            label?: string;
            value: string;
        };
        /** @description Variable definitions of a profile; a name occurs once */
        v1Variables: {
            variables?: components["schemas"]["v1Variable"][];
        };
        v1Virtual: {
            appDeployments?: components["schemas"]["v1ObjectResReference"][];
            clusterGroup?: components["schemas"]["v1ObjectResReference"];
            hostCluster?: components["schemas"]["v1ObjectResReference"];
            lifecycleStatus?: components["schemas"]["v1LifecycleStatus"];
            state?: string;
            virtualClusters?: components["schemas"]["v1ObjectResReference"][];
        };
        v1VsphereAccount: {
            apiVersion?: string;
            kind?: string;
            metadata?: components["schemas"]["v1ObjectMeta"];
            spec?: components["schemas"]["v1VsphereCloudAccount"];
            status?: components["schemas"]["v1CloudAccountStatus"];
        };
        v1VsphereAccounts: {
            items: components["schemas"]["v1VsphereAccount"][];
            listmeta?: components["schemas"]["v1ListMetaData"];
        };
        v1VsphereCloudAccount: {
            insecure?: boolean;
            password: string;
            username: string;
            vcenterServer: string;
        };
    };
    responses: {
        /** @description It did not succeed: the body says what was wrong and what to do */
        Error: {
            headers: {
                /** @description Names this request in the logs of the plane */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["v1Error"];
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
    v1ProjectsMetadata: {
        parameters: {
            query?: {
                /** @description Only the object of this name */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ProjectsMetadata"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsCreate: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ProjectEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Project"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidUpdate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ProjectEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidDelete: {
        parameters: {
            query?: {
                /** @description Delete what the project contains first */
                cleanupProjectResources?: boolean;
            };
            header?: never;
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ProjectCleanup"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsAlerts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Components of alerts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ProjectAlertComponents"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidAlertUpdate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the project */
                uid: string;
                /** @description What the alert is about, as `GET /v1/projects/alerts` names it; for example `ClusterHealth` */
                component: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1AlertEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidAlertCreate: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the project */
                uid: string;
                /** @description What the alert is about, as `GET /v1/projects/alerts` names it; for example `ClusterHealth` */
                component: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1Channel"];
            };
        };
        responses: {
            /** @description The channel was added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidAlertDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the project */
                uid: string;
                /** @description What the alert is about, as `GET /v1/projects/alerts` names it; for example `ClusterHealth` */
                component: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidAlertsUidGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the project */
                uid: string;
                /** @description What the alert is about, as `GET /v1/projects/alerts` names it; for example `ClusterHealth` */
                component: string;
                /** @description Identifier of the channel */
                alertUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channel */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Channel"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidAlertsUidUpdate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the project */
                uid: string;
                /** @description What the alert is about, as `GET /v1/projects/alerts` names it; for example `ClusterHealth` */
                component: string;
                /** @description Identifier of the channel */
                alertUid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1Channel"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidAlertsUidDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the project */
                uid: string;
                /** @description What the alert is about, as `GET /v1/projects/alerts` names it; for example `ClusterHealth` */
                component: string;
                /** @description Identifier of the channel */
                alertUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidAlertTest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the project */
                uid: string;
                /** @description What the alert is about, as `GET /v1/projects/alerts` names it; for example `ClusterHealth` */
                component: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How each channel fared */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AlertTestResult"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidAlertHistory: {
        parameters: {
            query?: {
                /** @description How many items to return at most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Identifier of the project */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alerts that were raised */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RaisedAlert"][];
                    };
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1NotificationsList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of notifications */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Notifications"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1NotificationsObjTypeUidList: {
        parameters: {
            query?: {
                /** @description Only those that are done, or those that are not */
                isDone?: "true" | "false";
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description What the notifications are about */
                objectKind: "spectrocluster" | "clusterprofile" | "appdeployment";
                /** @description Identifier of what the notifications are about */
                objectUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of notifications */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Notifications"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1NotificationsUidAck: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the notification */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1NotificationsUidDone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the notification */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1EventsComponentsList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Events"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1EventsComponentsObjTypeUidList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description What the events are about */
                objectKind: "spectrocluster" | "edgehost";
                /** @description Identifier of what the events are about */
                objectUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Events"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1EventsComponentsObjTypeUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description What the events are about */
                objectKind: "spectrocluster" | "edgehost";
                /** @description Identifier of what the events are about */
                objectUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidMacrosList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Macros"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidMacrosUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1Macros"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidMacrosCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1Macros"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProjectsUidMacrosDeleteByMacroName: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1Macros"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1TenantsUidMacrosList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the tenant */
                tenantUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Macros"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1TenantsUidMacrosUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the tenant */
                tenantUid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1Macros"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1TenantsUidMacrosCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the tenant */
                tenantUid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1Macros"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1TenantsUidMacrosDeleteByMacroName: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the tenant */
                tenantUid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1Macros"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesCreate: {
        parameters: {
            query?: {
                /** @description Publish the change at once */
                publish?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterProfileEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesImport: {
        parameters: {
            query?: {
                /** @description Publish the profile at once */
                publish?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1ClusterProfileImportEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesImportFile: {
        parameters: {
            query?: {
                /** @description Publish the profile at once */
                publish?: boolean;
                /** @description How the file is written */
                format?: "yaml" | "json";
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    importFile: Uint8Array;
                };
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesImportValidate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1ClusterProfileImportEntity"];
            };
        };
        responses: {
            /** @description The profile, each pack with the registries that have it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterProfileImportEntity"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesGet: {
        parameters: {
            query?: {
                /** @description Parts of a pack to add, joined by commas: `schema`, `presets` */
                includePackMeta?: string;
                /** @description Only profiles that fit this kind of target */
                resourceType?: "spectrocluster" | "clustertemplate";
                /** @description Add the annotations of each pack */
                includePackAnnotations?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterProfile"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesUpdate: {
        parameters: {
            query?: {
                /** @description Parts of a pack to add, joined by commas: `schema`, `presets` */
                includePackMeta?: string;
                /** @description Only profiles that fit this kind of target */
                resourceType?: "spectrocluster" | "clustertemplate";
                /** @description Add the annotations of each pack */
                includePackAnnotations?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterProfileUpdateEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesDelete: {
        parameters: {
            query?: {
                /** @description Parts of a pack to add, joined by commas: `schema`, `presets` */
                includePackMeta?: string;
                /** @description Only profiles that fit this kind of target */
                resourceType?: "spectrocluster" | "clustertemplate";
                /** @description Add the annotations of each pack */
                includePackAnnotations?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesUidClone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterProfileCloneEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterProfilesUidExport: {
        parameters: {
            query?: {
                /** @description How the file is written */
                format?: "yaml" | "json";
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file; `Content-Disposition` proposes a name */
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
    v1ClusterProfilesUidMetadataUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ProfileMetaEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesUidPacksUidManifests: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
                /** @description Name of the pack */
                packName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ManifestEntities"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesPublish: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterProfilesUidVariablesGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Variables"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterProfilesUidVariablesPut: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1Variables"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterProfilesUidVariablesPatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1Variables"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProfileSettingsGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileSettings"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProfileSettingsUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileSettings"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProfileVersionsList: {
        parameters: {
            query?: {
                /** @description Versions of this profile alone */
                name?: string;
                /** @description A version, `latest`, or a range such as `1.x`, `1.2.x` or `^1.2.0`: of each name the newest published version in it */
                version?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the scope shows, the tenant's own profiles included */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileVersions"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProfileVersionsPublish: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileVersionPublication"];
            };
        };
        responses: {
            /** @description The version, published and sealed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedProfileVersion"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProfileVersionsUidGet: {
        parameters: {
            query?: {
                /** @description Give the default values of sensitive variables too; without them the digest is another one */
                withSensitive?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the version's profile */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileVersionDocument"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ProfileVersionsPromote: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileVersionPromotion"];
            };
        };
        responses: {
            /** @description The version, published and sealed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedProfileVersion"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterProfilesMetadata: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterProfilesMetadata"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1PacksSummaryList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1PackSummaries"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1PacksSearch: {
        parameters: {
            query?: {
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1PacksFilterSpec"];
            };
        };
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1PackMetadataList"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1PacksNameRegistryUidList: {
        parameters: {
            query?: {
                /** @description Cloud type, for example `aws` */
                cloudType?: string;
                /** @description Only packs of this layer */
                layer?: string;
                /** @description Only objects in these states, joined by commas */
                states?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the registry */
                registryUid: string;
                /** @description Name of the pack */
                packName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1PackTagEntity"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1PacksUid: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1PackTagEntity"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesHelmList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
                /** @description Which levels to look at */
                scope?: "system" | "tenant" | "all";
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1HelmRegistries"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesHelmCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1HelmRegistryEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesHelmUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1HelmRegistry"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesHelmUidUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1HelmRegistry"];
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
    v1RegistriesHelmUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
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
    v1RegistriesHelmUidSyncStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1RegistrySyncStatus"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesMetadata: {
        parameters: {
            query?: {
                /** @description Which levels to look at */
                scope?: "system" | "tenant" | "all";
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1RegistriesMetadata"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1OciRegistriesSummary: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1OciRegistries"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1BasicOciRegistriesUidSyncStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1RegistrySyncStatus"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesPackList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
                /** @description Which levels to look at */
                scope?: "system" | "tenant" | "all";
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1PackRegistries"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesPackCreate: {
        parameters: {
            query?: {
                /** @description Do not look into the registry yet */
                skipPackSync?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1PackRegistry"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesPackUidSyncStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1RegistrySyncStatus"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1PacksPackUidLogo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of a version of the pack */
                packUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image */
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
    v1PacksUidReadme: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of a version of the pack */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1PackReadme"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesHelmSummaryList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1HelmRegistriesSummary"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1RegistriesHelmValidate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1HelmRegistrySpec"];
            };
        };
        responses: {
            /** @description It can be read */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesHelmUidSync: {
        parameters: {
            query?: {
                /** @description Begin again although a run goes on */
                forceSync?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will begin soon; the status tells how it goes */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1BasicOciRegistriesCreate: {
        parameters: {
            query?: {
                /** @description Do not look into the registry yet */
                skipPackSync?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1BasicOciRegistry"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1BasicOciRegistriesValidate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1BasicOciRegistrySpec"];
            };
        };
        responses: {
            /** @description It can be read */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1EcrRegistriesCreate: {
        parameters: {
            query?: {
                /** @description Do not look into the registry yet */
                skipPackSync?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1EcrRegistry"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1EcrRegistriesValidate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1EcrRegistrySpec"];
            };
        };
        responses: {
            /** @description It can be read */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1OciRegistriesGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1OciRegistryEntity"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1BasicOciRegistriesUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1BasicOciRegistry"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1BasicOciRegistriesUidUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1BasicOciRegistry"];
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
    v1BasicOciRegistriesUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
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
    v1BasicOciRegistriesUidSync: {
        parameters: {
            query?: {
                /** @description Begin again although a run goes on */
                forceSync?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will begin soon; the status tells how it goes */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1EcrRegistriesUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1EcrRegistry"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1EcrRegistriesUidUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1EcrRegistry"];
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
    v1EcrRegistriesUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
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
    v1EcrRegistriesUidSync: {
        parameters: {
            query?: {
                /** @description Begin again although a run goes on */
                forceSync?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will begin soon; the status tells how it goes */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1EcrRegistriesUidSyncStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1RegistrySyncStatus"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesPackSummaryList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1PackRegistriesSummary"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1RegistriesPackValidate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1PackRegistrySpec"];
            };
        };
        responses: {
            /** @description It can be read */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesPackUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1PackRegistry"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesPackUidUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1PackRegistry"];
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
    v1RegistriesPackUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
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
    v1RegistriesPackUidPacksDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the registry */
                uid: string;
                /** @description Name of the pack */
                packName: string;
                /** @description Version of the pack */
                version: string;
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
    v1RegistriesPackUidSync: {
        parameters: {
            query?: {
                /** @description Begin again although a run goes on */
                forceSync?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will begin soon; the status tells how it goes */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesNameConfigGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Name of the registry */
                registryName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1RegistryConfigEntity"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
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
    v1RegistriesUidSettingsGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistrySettings"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1RegistriesUidSettingsUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RegistrySettings"];
            };
        };
        responses: {
            /** @description Set */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersSearchFilterSummary: {
        parameters: {
            query?: {
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SearchFilterSummarySpec"];
            };
        };
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1SpectroClustersSummary"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersSummaryUidOverview: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1SpectroClusterUidSummary"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersCloudStackImport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpectroCloudStackClusterImportEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersAwsImport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpectroAwsClusterImportEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersAzureImport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpectroAzureClusterImportEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersGcpImport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpectroGcpClusterImportEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersGenericImport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpectroGenericClusterImportEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersGet: {
        parameters: {
            query?: {
                /** @description Parts to add, joined by commas */
                includeTags?: string;
                /** @description Return pack values with variables and macros resolved */
                resolvePackValues?: boolean;
                /** @description Parts of a pack to add, joined by commas: `schema`, `presets` */
                includePackMeta?: string;
                /** @description Only profiles of this type */
                profileType?: string;
                /** @description Return labels that were set from outside too */
                includeNonSpectroLabels?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1SpectroCluster"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersDelete: {
        parameters: {
            query?: {
                /** @description Forget the object even though its remains could not be removed */
                forceDelete?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidAdminKubeConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
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
    v1SpectroClustersUidKubeConfigClientGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
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
    v1SpectroClustersUidImportManifest: {
        parameters: {
            query?: {
                /** @description The one-time secret of the address that the import answered with: whoever has it needs no other credential */
                token?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
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
    v1SpectroClustersUidMetadataUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ObjectMetaInputEntitySchema"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersDeleteProfiles: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpectroClusterProfilesDeleteEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersPatchProfiles: {
        parameters: {
            query?: {
                /** @description Mark the notifications about new pack versions as dealt with */
                resolveNotification?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpectroClusterProfiles"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidRepaveApproveUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidRepaveGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1SpectroClusterRepave"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidUpgradeSettings: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterUpgradeSettingsEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidVariablesGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1SpectroClusterVariables"][];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidVariablesPatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpectroClusterVariableUpdateEntity"][];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidClusterMetaAttributeUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterMetaAttributeEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1HostClusterConfigUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1HostClusterConfigEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidOsPatchUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1OsPatchEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidTimezoneUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1TimezoneUpdateEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidConfigNamespacesGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterNamespaceResources"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidConfigNamespacesUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterNamespaceResourcesUpdateEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidConfigRbacsGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterRbacs"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidConfigRbacsUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterRbacResourcesUpdateEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureBackupGet: {
        parameters: {
            query?: {
                /** @description Only the backup of this request */
                backupRequestUid?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterBackup"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureBackupUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterBackupConfig"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureBackupCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterBackupConfig"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureBackupScheduleReset: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureComplianceScanGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterComplianceScan"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureComplianceScanUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterComplianceScheduleConfig"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureComplianceScanCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterComplianceScheduleConfig"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureComplianceScanOnDemandCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterComplianceOnDemandConfig"];
            };
        };
        responses: {
            /** @description The scans wait for the agent; the answer holds the request's identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureComplianceScanLogsGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterComplianceScanLogs"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureComplianceScanLogDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Identifier of the scan */
                logUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureKubeBenchLogGet: {
        parameters: {
            query?: {
                /** @description Only the report of this name */
                reportId?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Identifier of the scan */
                logUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterScanLogKubeBench"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureKubeHunterLogGet: {
        parameters: {
            query?: {
                /** @description Only the report of this name */
                reportId?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Identifier of the scan */
                logUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterScanLogKubeHunter"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureSonobuoyLogGet: {
        parameters: {
            query?: {
                /** @description Only the report of this name */
                reportId?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Identifier of the scan */
                logUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterScanLogSonobuoy"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureSyftLogGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Identifier of the scan */
                logUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterScanLogSyft"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SyftScanLogImageSBOMGet: {
        parameters: {
            query: {
                /** @description The image as the scan names it */
                image: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Identifier of the scan */
                logUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
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
    v1ClusterFeatureDriverLogDownload: {
        parameters: {
            query?: {
                /** @description `json`, the whole report, or `csv`, a line for each finding */
                fileFormat?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Identifier of the scan */
                logUid: string;
                /** @description Which tool */
                driver: "kubeBench" | "kubeHunter" | "sonobuoy" | "syft";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
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
    v1SpectroClustersK8Certificate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1MachineCertificates"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersCertificatesRenew: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidLocationPut: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpectroClusterLocationInputEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1WorkspacesClusterRbacCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterRbac"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsCloudStackPoolMachinesList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1CloudStackMachines"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsCloudStackPoolMachinesUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
                /** @description Identifier of the machine */
                machineUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1CloudStackMachine"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsAwsPoolMachinesList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AwsMachines"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsAwsPoolMachinesUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
                /** @description Identifier of the machine */
                machineUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AwsMachine"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsAzurePoolMachinesList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AzureMachines"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsAzurePoolMachinesUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
                /** @description Identifier of the machine */
                machineUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AzureMachine"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsGcpPoolMachinesList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1GcpMachines"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsGcpPoolMachinesUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
                /** @description Identifier of the machine */
                machineUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1GcpMachine"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsGenericPoolMachinesList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1GenericMachines"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsGenericPoolMachinesUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
                /** @description Identifier of the machine */
                machineUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1GenericMachine"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudConfigsMachinePoolsMachineUidMaintenanceUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cloud configuration */
                configUid: string;
                /** @description Name of the machine pool */
                machinePoolName: string;
                /** @description Identifier of the machine */
                machineUid: string;
                /** @description Cloud type, for example `aws` */
                cloudType: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1MachineMaintenance"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsCloudStackList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1CloudStackAccounts"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsAwsList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AwsAccounts"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsAwsCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1AwsAccount"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsAwsGet: {
        parameters: {
            query?: {
                /** @description Return short-lived credentials instead of the stored ones */
                assumeCredentials?: boolean;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AwsAccount"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsAwsUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1AwsAccount"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsAwsDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsAzureList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AzureAccounts"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsCustomList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Cloud type, for example `aws` */
                cloudType: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1CustomAccounts"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsGcpList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1GcpAccounts"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsMaasList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1MaasAccounts"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsListSummary: {
        parameters: {
            query?: {
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1CloudAccountsSummary"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1CloudAccountsVsphereList: {
        parameters: {
            query?: {
                /** @description Names of the fields to return, joined by commas; everything when absent */
                fields?: string;
                /** @description Condition in the form `field=value`, several joined by `AND` */
                filters?: string;
                /** @description Fields to sort by, each as `field=1` (up) or `field=-1` (down) */
                orderBy?: string;
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1VsphereAccounts"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1AwsAccountValidate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1AwsCloudAccount"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1OverlordsUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Overlord"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1EdgeTokensList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1EdgeTokens"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1EdgeTokensCreate: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1EdgeTokenEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1EdgeTokensUidGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1EdgeToken"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1EdgeTokensUidUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1EdgeTokenUpdate"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1EdgeTokensUidDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1EdgeTokensUidState: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1EdgeTokenActiveState"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ApiKeysList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ApiKeys"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ApiKeysCreate: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ApiKeyEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ApiKeyCreateResponse"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ApiKeysUidDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1Authenticate: {
        parameters: {
            query?: {
                /** @description Set the session as a cookie too */
                setCookie?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1AuthLogin"];
            };
        };
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1UserToken"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersInfoGet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1UserInfo"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1AppProfileEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AppProfile"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1AppProfileEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidClone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1AppProfileCloneEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidMetadataUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1AppProfileMetaEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidTiersGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AppProfileTiers"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidTiersCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1AppTierEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidTiersUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
                /** @description Identifier of the tier */
                tierUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AppTier"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidTiersUidUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
                /** @description Identifier of the tier */
                tierUid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1AppTierUpdateEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidTiersUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
                /** @description Identifier of the tier */
                tierUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1AppProfilesUidTiersUidManifestsUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
                /** @description Identifier of the tier */
                tierUid: string;
                /** @description Identifier of the manifest */
                manifestUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Manifest"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1DashboardAppProfiles: {
        parameters: {
            query?: {
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1AppProfilesFilterSpec"];
            };
        };
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AppProfilesSummary"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1DashboardAppProfilesMetadata: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1AppProfilesMetadata"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterTemplatesCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterTemplateEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterTemplatesUidSpectroClustersUidVariablesPatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                clusterUid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterTemplateVariablesUpdateEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterTemplatesUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterTemplate"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterTemplatesUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterTemplatesUidMetadataUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ObjectMetaInputEntitySchema"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterTemplatesUidPoliciesUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterTemplatePoliciesUpdateEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterTemplatesUidProfilesUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterTemplateProfilesUpdateEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterTemplatesUidProfilesVariablesPatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterTemplateProfilesVariablesBatchEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterTemplatesUidProfilesProfileUidVariablesGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
                /** @description Identifier of the cluster profile */
                profileUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterTemplateProfileVariablesResponse"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterTemplatesUidClusterReconcileClusterUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
                /** @description Identifier of the cluster */
                clusterUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterReconcile"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterTemplatesFilterSummary: {
        parameters: {
            query?: {
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterTemplatesFilterSummarySpec"];
            };
        };
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterTemplatesSummary"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterTemplatesMetadataGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterTemplatesMetadata"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpcPoliciesFilterSummary: {
        parameters: {
            query?: {
                /** @description How many items to return at most */
                limit?: number;
                /** @description How many items to leave out at the start */
                offset?: number;
                /** @description Where to go on, as `listmeta.continue` of the page before said */
                continue?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpcPoliciesFilterSpec"];
            };
        };
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1SpcPoliciesSummary"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpcPoliciesMetadataGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1SpcPoliciesMetadata"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1SpcPoliciesMaintenanceCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpcPolicyEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1SpcPoliciesMaintenanceUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1SpcPolicyEntity"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1SpcPoliciesMaintenanceUidUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpcPolicyEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1SpcPoliciesUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1SpectroClustersTemplatesUidClustersUpgrade: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterTemplateUpgradeSpec"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidClusterTemplateUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClusterTemplateAssignment"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterGroupsCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterGroupEntity"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterGroupsHostClusterSummary: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterGroupsHostClusterSummary"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterGroupsHostClusterMetadata: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterGroupsHostClusterMetadata"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterGroupsUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterGroup"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterGroupsUidDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterGroupsUidHostClusterUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ClusterGroupHostClusterEntity"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterGroupsUidMetaUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1ObjectMeta"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterGroupsUidProfilesUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the object */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["v1SpectroClusterProfiles"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentsRegister: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentRegistration"];
            };
        };
        responses: {
            /** @description The agent is registered; the answer is the only place where its access token is shown */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentCredentials"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentsChallengesCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentChallengeEntity"];
            };
        };
        responses: {
            /** @description The challenge */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentChallenge"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentsCredentialsRecover: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentRecovery"];
            };
        };
        responses: {
            /** @description New credentials */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentCredentials"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentsChangesWait: {
        parameters: {
            query?: {
                /** @description Digest of the desired state that the agent knows of; any is news when absent */
                digest?: components["schemas"]["ContentDigest"];
                /** @description Cursor of the last command that the agent knows of */
                after?: number;
                /** @description Types of commands that the agent knows, as for listing them */
                types?: string;
                /** @description How long to wait */
                waitSeconds?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is new; empty when nothing is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentChanges"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentsDesiredStateGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the document that the agent has */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest document */
            200: {
                headers: {
                    /** @description The digest of the document, in quotation marks */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedDesiredState"];
                };
            };
            /** @description The agent has the newest document already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentsCommandsList: {
        parameters: {
            query?: {
                /** @description Only commands whose cursor is greater; from the first one when absent */
                after?: number;
                /** @description Types of commands that the agent knows, joined by commas, those of actions as `action/backup`; an agent that does not say knows `resync` */
                types?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Commands in the order of their cursors */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentCommands"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentsReportsCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentReports"];
            };
        };
        responses: {
            /** @description The reports are stored */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentsCredentialsRenew: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentCredentialsRenewal"];
            };
        };
        responses: {
            /** @description New credentials */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentCredentials"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentsPreviewsGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the command `preview` */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The question */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedDesiredState"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentsPacksGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Content address of the archive */
                digest: components["schemas"]["ContentDigest"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive, a tar file compressed by gzip, whose SHA-256 is the digest */
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
    v1EventsStream: {
        parameters: {
            query?: {
                /** @description Only events of this cluster */
                clusterUid?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /** @description Id of the last event that the caller has seen; without it the stream starts now */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream of events */
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
    v1ImpactsCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImpactRequest"];
            };
        };
        responses: {
            /** @description The clusters are asked */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Impact"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ImpactsUidGet: {
        parameters: {
            query?: {
                /** @description Answer when nothing is open any more, or after this time at the latest; at once when absent */
                waitSeconds?: number;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the question */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How each cluster would fare, without the single changes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Impact"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ImpactsUidClustersGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the question */
                uid: string;
                /** @description Identifier of the cluster */
                clusterUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes in the order in which they would be made */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImpactClusterDetail"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationGet: {
        parameters: {
            query?: {
                /** @description Conditions `metadata.name=…` or `metadata.uid=…`, joined by AND */
                filters?: string;
                /** @description Ignored: locations come in the order of their names */
                orderBy?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Locations without their configuration */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1UserAssetsLocations"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationAzureCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1UserAssetsLocationAzure"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationAzureGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The location; secrets are left out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1UserAssetsLocationAzure"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationAzureUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1UserAssetsLocationAzure"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationGcpCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1UserAssetsLocationGcp"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationGcpGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The location; secrets are left out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1UserAssetsLocationGcp"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationGcpUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1UserAssetsLocationGcp"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationMinioCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1UserAssetsLocationS3"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationMinioGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The location; secrets are left out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1UserAssetsLocationS3"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationMinioUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1UserAssetsLocationS3"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationS3Create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1UserAssetsLocationS3"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationS3Get: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The location; secrets are left out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1UserAssetsLocationS3"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationS3Update: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1UserAssetsLocationS3"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationS3Delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationCustomCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomAssetsLocation"];
            };
        };
        responses: {
            /** @description Created; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationCustomGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The location; secrets are left out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomAssetsLocation"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationCustomUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomAssetsLocation"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationDefaultUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Its type */
                type: string;
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1UsersAssetsLocationDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1AwsS3Validate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1AwsS3BucketCredentials"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1GcpBucketNameValidate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1GcpAccountNameValidateSpec"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1AzureAccountValidate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1AzureCloudAccount"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterFeatureBackupLocationUidGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The clusters that the project sees */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterRefs"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    V1ClusterFeatureBackupLocationUidChange: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the location */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1ClusterBackupLocationType"];
            };
        };
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureBackupOnDemandCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1ClusterBackupConfig"];
            };
        };
        responses: {
            /** @description The agent is asked; the answer holds the identifier of the action */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureBackupDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Name of the backup */
                backupName: string;
                /** @description Identifier of the action that made it */
                requestUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the answer has no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureRestoreGet: {
        parameters: {
            query?: {
                /** @description Only this one */
                restoreRequestUid?: string;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Restores into the cluster and of backups of it, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1ClusterRestore"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1ClusterFeatureRestoreOnDemandCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["v1ClusterRestoreConfig"];
            };
        };
        responses: {
            /** @description The agent of the destination is asked; the answer holds the identifier of the action */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentReleasesList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The releases of the tenant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentReleases"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentReleasesPublish: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /** @description Signature over the bytes of the body, as `cosign sign-blob` makes it (base64) */
                "Palette-Signature"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The release as `palette agent release pack` makes it */
        requestBody: {
            content: {
                "application/octet-stream": Uint8Array;
            };
        };
        responses: {
            /** @description The release can be chosen */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedAgentRelease"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentReleasesDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Version of the release */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentReleaseSettingsGet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentReleaseSettings"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1AgentReleaseSettingsUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentReleaseSettingsEntity"];
            };
        };
        responses: {
            /** @description The settings are changed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidAgentReleaseGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it runs, and what was chosen */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterAgentRelease"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidAgentReleaseUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClusterAgentReleaseEntity"];
            };
        };
        responses: {
            /** @description The choice is made */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidAgentRevoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent has no access any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidAgentReleaseUpgrade: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentUpgradeEntity"];
            };
        };
        responses: {
            /** @description The action waits for the agent; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidActionsList: {
        parameters: {
            query?: {
                /** @description Only these types, joined by commas */
                types?: string;
                /** @description Only those in these phases, joined by commas */
                phases?: string;
                /** @description Only those asked for before this time; the `createdAt` of the last one gives the next page */
                before?: string;
                /** @description How many at most */
                limit?: number;
            };
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Actions without what they brought */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterActions"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidActionsCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClusterActionEntity"];
            };
        };
        responses: {
            /** @description The action waits for the agent; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidActionsGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Identifier of the action */
                runUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The action */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterAction"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidActionsCancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Identifier of the action */
                runUid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent will be asked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidActionsArtifactsGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Identifier of the action */
                runUid: string;
                /** @description Name of the artifact, unique within the action */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes; `ETag` has their digest */
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
    v1AgentsActionsArtifactsPut: {
        parameters: {
            query?: {
                /** @description Media type of the content */
                contentType?: string;
            };
            header?: never;
            path: {
                /** @description Identifier of the run */
                runId: string;
                /** @description Name of the artifact, unique within the action */
                name: string;
            };
            cookie?: never;
        };
        /** @description The content, 64 MiB at most */
        requestBody: {
            content: {
                "application/octet-stream": Uint8Array;
            };
        };
        responses: {
            /** @description It is stored */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    v1BulkClusterProfilesRead: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkClusterProfilesRequest"];
            };
        };
        responses: {
            /** @description What was found, and the identifiers that were not */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkClusterProfiles"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1PacksUidContent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the pack */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The pack's directory as a tar file compressed by gzip */
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
    v1RegistriesPackUidPacksPush: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Signature over the bytes of the body, as `cosign sign-blob` makes it (base64). Needed where the registry demands
                 *     signatures; else it is kept and handed on
                 */
                "Palette-Signature"?: string;
            };
            path: {
                /** @description Identifier of the registry */
                uid: string;
            };
            cookie?: never;
        };
        /** @description The pack's directory as a tar file compressed by gzip */
        requestBody: {
            content: {
                "application/octet-stream": Uint8Array;
            };
        };
        responses: {
            /** @description The pack is in the registry */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushedPack"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidCommandsCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
                /**
                 * @description A name of the caller's own for this request, for example a UUID. The same request again under the same key does
                 *     nothing and gets the first answer, with the header `Idempotency-Replayed: true`, so a lost answer does no harm.
                 *     Only success is remembered: after a refusal the request may be corrected and sent under the same key. The body is
                 *     not compared. A key belongs to the caller's user, to one path and to one project; elsewhere it is refused with 422
                 *     and code `IdempotencyKeyReused`. Keys are kept for 7 days.
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClusterCommandEntity"];
            };
        };
        responses: {
            /** @description The command waits for the agent; the answer holds its identifier */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["v1Uid"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidDesiredStateGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedDesiredState"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    v1SpectroClustersUidDesiredStatePacksGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifier of the project to work in; the tenant itself when absent */
                ProjectUid?: string;
            };
            path: {
                /** @description Identifier of the cluster */
                uid: string;
                /** @description Content address of the archive */
                digest: components["schemas"]["ContentDigest"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive, a tar file compressed by gzip, whose SHA-256 is the digest */
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
}
