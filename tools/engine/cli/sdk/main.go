// Command sdk writes what Pulumi's generators make of a package schema: `sdk SCHEMA FOLDER LANGUAGE...`.
// `pulumi package gen-sdk` would do the same with a language host that is newer than any the Go proxy serves.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// What the generated files say made them.
const tool = "pulumi"

func main() {
	if len(os.Args) < 4 {
		fail(fmt.Errorf("usage: sdk SCHEMA FOLDER LANGUAGE..."))
	}
	for _, language := range os.Args[3:] {
		// Each generator writes its own notes into the package.
		pkg, err := read(os.Args[1])
		if err != nil {
			fail(err)
		}
		files, err := generate(pkg, language)
		if err != nil {
			fail(err)
		}
		if err := write(files, filepath.Join(os.Args[2], language)); err != nil {
			fail(err)
		}
	}
}

func read(file string) (*schema.Package, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	// The package has no dependencies, so no loader is asked.
	pkg, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	for _, diagnostic := range diagnostics {
		fmt.Fprintln(os.Stderr, diagnostic.Error())
	}
	if err == nil && diagnostics.HasErrors() {
		err = fmt.Errorf("%s is no valid schema", file)
	}
	return pkg, err
}

func generate(pkg *schema.Package, language string) (codegen.Fs, error) {
	switch language {
	case "go":
		return gogen.GeneratePackage(tool, pkg, nil)
	case "nodejs":
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, nil)
	case "python":
		return python.GeneratePackage(tool, pkg, nil, nil)
	default:
		return nil, fmt.Errorf("no generator for %q: there are go, nodejs and python", language)
	}
}

func write(files codegen.Fs, folder string) error {
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
