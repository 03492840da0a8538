//go:build tools

// Package tools pins Velero, which tests of backups run as a process.
package tools

import _ "github.com/vmware-tanzu/velero/cmd/velero"
