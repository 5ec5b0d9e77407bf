package core

// CompiledAnchors reads the anchors that are compiled in.
var CompiledAnchors = compiledAnchors

// CompiledWitnesses reads the witnesses that are compiled in.
var CompiledWitnesses = compiledWitnesses
