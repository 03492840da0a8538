//go:build tools

// Package tools keeps the commands that are built from other modules in go.mod.
package tools

import (
	_ "github.com/nats-io/nats-server/v2"
	_ "helm.sh/helm/v3/cmd/helm"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
