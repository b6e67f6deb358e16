// The genuine OCI registry of the distribution project, with what one machine needs of it: storage in a folder
// and logins from an htpasswd file. The storage of the big clouds would be half of what has to be compiled.
package main

import (
	"os"

	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
)

func main() {
	if err := registry.RootCmd.Execute(); err != nil {
		os.Exit(1)
	}
}
