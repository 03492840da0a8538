//go:build tools

// Package kwok pins kwok apart from the other tools: kwok 0.7 does not compile against the
// Kubernetes 1.34 libraries that they share.
package kwok

import _ "sigs.k8s.io/kwok/cmd/kwok"
