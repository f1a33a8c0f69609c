// Package random is a small pseudo-random generator whose numbers never change: what is made from them is committed.
package random

// Source is a splitmix64 generator (https://prng.di.unimi.it/splitmix64.c). Go's own generators may change what they give
// from release to release; this one cannot.
type Source struct{ state uint64 }

// New makes a generator; the same seed gives the same numbers.
func New(seed uint64) *Source { return &Source{state: seed} }

// Uint64 gives the next number.
func (s *Source) Uint64() uint64 {
	s.state += 0x9e3779b97f4a7c15
	z := s.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// Intn gives a number from 0 to n-1; n must be above 0.
func (s *Source) Intn(n int) int { return int(s.Uint64() % uint64(n)) }

// Between gives a number from low to high, both included.
func (s *Source) Between(low, high int) int { return low + s.Intn(high-low+1) }

// OneIn gives true in one of n cases.
func (s *Source) OneIn(n int) bool { return s.Intn(n) == 0 }

// Float gives a number from 0 to 1, 1 excluded.
func (s *Source) Float() float64 { return float64(s.Uint64()>>11) / (1 << 53) }

// Pick gives one of the values; there must be at least one.
func Pick[T any](s *Source, values ...T) T { return values[s.Intn(len(values))] }
