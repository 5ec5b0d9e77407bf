package blob

// OnStep has a function asked before each change of the disk, which does not happen when it
// returns an error.
func (f *Folder) OnStep(step func(doing, name string) error) { f.step = step }
