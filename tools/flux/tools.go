//go:build tools

// Package tools pins the kustomize-controller of Flux, which the bench measures beside the agent; nothing else needs it.
package tools

import _ "github.com/fluxcd/kustomize-controller"
