package orderedmap

import "iter"

// Map is always empty.
type Map[K comparable, V any] struct{}

func New[K comparable, V any]() *Map[K, V] { return nil }

func Len[K comparable, V any](*Map[K, V]) int { return 0 }

func (*Map[K, V]) FromOldest() iter.Seq2[K, V] { return func(func(K, V) bool) {} }

func (*Map[K, V]) KeysFromOldest() iter.Seq[K] { return func(func(K) bool) {} }

func (*Map[K, V]) Get(K) (none V, ok bool) { return none, false }

func (*Map[K, V]) GetOrZero(K) (none V) { return none }

func (*Map[K, V]) Set(K, V) {}

func (*Map[K, V]) Delete(K) {}
