package base

import (
	"github.com/pb33f/libopenapi/orderedmap"
	"go.yaml.in/yaml/v4"
)

type Info struct{ Version string }

type Discriminator struct {
	PropertyName string
	Mapping      *orderedmap.Map[string, string]
}

type SchemaProxy struct{}

func (*SchemaProxy) Schema() *Schema { return nil }

type SchemaOrBool struct{ A *SchemaProxy }

func (*SchemaOrBool) IsA() bool { return false }

type Low struct{}

func (*Low) Hash() uint64 { return 0 }

type Schema struct {
	AdditionalProperties *SchemaOrBool
	AllOf                []*SchemaProxy
	AnyOf                []*SchemaProxy
	Default              *yaml.Node
	Description          string
	Discriminator        *Discriminator
	Enum                 []*yaml.Node
	Extensions           *orderedmap.Map[string, *yaml.Node]
	Format               string
	Items                *SchemaOrBool
	MaxLength            *int64
	Maximum              *float64
	MinLength            *int64
	Minimum              *float64
	MultipleOf           *float64
	Nullable             *bool
	OneOf                []*SchemaProxy
	Pattern              string
	Properties           *orderedmap.Map[string, *SchemaProxy]
	ReadOnly             *bool
	Required             []string
	Type                 []string
}

func (*Schema) GoLow() *Low { return nil }

func (*Schema) MarshalJSONInline() ([]byte, error) { return nil, nil }
