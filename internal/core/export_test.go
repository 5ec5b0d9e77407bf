package core

// CompiledAnchors reads the anchors that are compiled in.
var CompiledAnchors = compiledAnchors
