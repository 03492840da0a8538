//go:build tools

// Package kubebench pins kube-bench apart from the other tools: nobody builds it who does not test compliance scans.
package kubebench

import _ "github.com/aquasecurity/kube-bench"
