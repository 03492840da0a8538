//go:build tools

// Package crossplane pins Crossplane and its command line apart from the other tools: nobody who
// runs the environment without Crossplane downloads it or waits for it, and its libraries do not
// choose the versions that the Kubernetes servers are built with.
package crossplane

import (
	_ "github.com/crossplane/crossplane/v2/cmd/crank"
	_ "github.com/crossplane/crossplane/v2/cmd/crossplane"
)
