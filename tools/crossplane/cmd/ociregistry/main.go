// Command ociregistry is an OCI registry that keeps everything in memory. It listens on the
// address that is its only argument, for example 127.0.0.1:5000; with port 0 the system chooses
// one. The address it listens on is the first line that it prints.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/google/go-containerregistry/pkg/registry"
)

// version is set by the linker.
var version = "v0.0.0"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: ociregistry ADDRESS | --version")
		os.Exit(2)
	}
	if os.Args[1] == "--version" {
		fmt.Println("ociregistry " + version)
		return
	}
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(http.Serve(listener, registry.New(registry.Logger(log.New(os.Stderr, "", 0)))))
}
