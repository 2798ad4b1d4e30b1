// Reads a file as the project that it is for reads it: with its Go types, strictly.
package main

import (
	"fmt"
	"io"
	"os"

	controlplane1 "sigs.k8s.io/cluster-api/api/controlplane/kubeadm/v1beta1"
	controlplane2 "sigs.k8s.io/cluster-api/api/controlplane/kubeadm/v1beta2"
	kind "sigs.k8s.io/kind/pkg/apis/config/v1alpha4"
	"sigs.k8s.io/yaml"
)

var types = map[string]func() any{
	"kind":                func() any { return &kind.Cluster{} },
	"cluster-api-v1beta1": func() any { return &controlplane1.KubeadmControlPlane{} },
	"cluster-api-v1beta2": func() any { return &controlplane2.KubeadmControlPlane{} },
}

func main() {
	if err := read(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// read prints what it has read, as YAML: a field that a type does not have is an error.
func read() error {
	if len(os.Args) != 2 || types[os.Args[1]] == nil {
		return fmt.Errorf("usage: setup-files TYPE < FILE")
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	object := types[os.Args[1]]()
	if err := yaml.UnmarshalStrict(text, object); err != nil {
		return err
	}
	written, err := yaml.Marshal(object)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(written)
	return err
}
